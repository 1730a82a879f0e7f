"""The tables, with exact numbers as domains: whatever they cannot hold exactly is refused."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE DOMAIN money_amount AS numeric
            CONSTRAINT money_amount_is_exact
            CHECK (value = round(value, 8) AND value BETWEEN -1e24 AND 1e24);
        CREATE DOMAIN positive_number AS numeric
            CONSTRAINT positive_number_is_positive CHECK (value > 0 AND value < 1e30);
        CREATE DOMAIN base_quantity AS numeric
            CONSTRAINT base_quantity_is_not_negative CHECK (value >= 0 AND value < 1e30);

        CREATE SEQUENCE engine_ids AS bigint;

        CREATE FUNCTION ms_to_time(ms bigint) RETURNS timestamptz
            LANGUAGE sql IMMUTABLE PARALLEL SAFE
            AS $f$ SELECT to_timestamp(ms / 1000.0::float8) $f$;
        CREATE FUNCTION time_to_ms(moment timestamptz) RETURNS bigint
            LANGUAGE sql IMMUTABLE PARALLEL SAFE
            AS $f$ SELECT (extract(epoch FROM moment) * 1000)::bigint $f$;

        CREATE TABLE users (
            id bigserial PRIMARY KEY,
            locale varchar(16) NOT NULL,
            zone varchar(64) NOT NULL,
            created_at timestamptz NOT NULL,
            last_trade_number int NOT NULL DEFAULT 0,
            deleted_at timestamptz
        ) WITH (fillfactor = 80);
        CREATE TABLE chat_identities (
            id bigserial PRIMARY KEY,
            platform varchar(16) NOT NULL,
            platform_user_id varchar(64) NOT NULL,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            created_at timestamptz NOT NULL,
            CONSTRAINT chat_identities_once UNIQUE (platform, platform_user_id)
        );
        CREATE TABLE accounts (
            id bigserial PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            currency varchar(16) NOT NULL,
            starting_balance money_amount NOT NULL,
            balance money_amount NOT NULL,
            opened_at timestamptz NOT NULL,
            closed_at timestamptz
        ) WITH (fillfactor = 80);
        CREATE TABLE trades (
            id bigint PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            account_id bigint NOT NULL REFERENCES accounts ON DELETE RESTRICT,
            number int NOT NULL,
            symbol varchar(40) NOT NULL,
            direction varchar(5) NOT NULL,
            status varchar(6) NOT NULL,
            revision int NOT NULL,
            after_id bigint NOT NULL,
            opened_at timestamptz NOT NULL,
            closed_at timestamptz,
            quantity base_quantity NOT NULL,
            entry_quantity base_quantity NOT NULL,
            entry_price positive_number NOT NULL,
            entry_notional money_amount NOT NULL,
            reserved money_amount NOT NULL,
            entry_fee money_amount NOT NULL,
            fee_rate base_quantity NOT NULL,
            rate positive_number NOT NULL,
            route jsonb NOT NULL,
            liquidation_price positive_number,
            stop_price positive_number,
            initial_stop_price positive_number,
            targets jsonb NOT NULL,
            realized_pnl money_amount NOT NULL DEFAULT 0,
            exit_reason varchar(16),
            CONSTRAINT trades_number_once UNIQUE (user_id, number)
        ) WITH (fillfactor = 80);
        CREATE TABLE fills (
            id bigserial PRIMARY KEY,
            trade_id bigint NOT NULL REFERENCES trades ON DELETE RESTRICT,
            effect_number int NOT NULL,
            user_id bigint NOT NULL,
            kind varchar(5) NOT NULL,
            reason varchar(16),
            quantity base_quantity NOT NULL,
            price positive_number NOT NULL,
            rate positive_number NOT NULL,
            amount money_amount NOT NULL,
            fee money_amount NOT NULL,
            pnl money_amount NOT NULL,
            released money_amount NOT NULL,
            forgiven money_amount NOT NULL,
            trigger_price positive_number,
            target_number int,
            print_id bigint NOT NULL,
            print_price positive_number NOT NULL,
            print_time timestamptz NOT NULL,
            booked_at timestamptz NOT NULL,
            balance_after money_amount NOT NULL,
            CONSTRAINT fills_effect_once UNIQUE (trade_id, effect_number)
        );
        CREATE TABLE ledger (
            id bigserial PRIMARY KEY,
            account_id bigint NOT NULL REFERENCES accounts ON DELETE RESTRICT,
            user_id bigint NOT NULL,
            trade_id bigint NOT NULL,
            effect_number int NOT NULL,
            kind varchar(5) NOT NULL,
            amount money_amount NOT NULL,
            booked_at timestamptz NOT NULL,
            CONSTRAINT ledger_effect_once UNIQUE (trade_id, effect_number, kind)
        );
        CREATE TABLE orders (
            id bigint PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            account_id bigint NOT NULL REFERENCES accounts ON DELETE RESTRICT,
            symbol varchar(40) NOT NULL,
            kind varchar(5) NOT NULL,
            trade_id bigint,
            body jsonb NOT NULL,
            status varchar(8) NOT NULL,
            code varchar(32),
            facts jsonb NOT NULL DEFAULT '{}',
            placed_at timestamptz NOT NULL,
            ended_at timestamptz
        );
        CREATE TABLE command_keys (
            id bigserial PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            key varchar(200) NOT NULL,
            kind varchar(16) NOT NULL,
            subject_id bigint NOT NULL,
            effect_number int NOT NULL DEFAULT 0,
            result_id bigint NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT command_keys_once UNIQUE (user_id, key)
        );
        CREATE TABLE notices (
            id bigserial PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            code varchar(32) NOT NULL,
            trade_id bigint,
            effect_number int,
            order_id bigint,
            account_id bigint,
            payload jsonb NOT NULL,
            decided_at timestamptz NOT NULL,
            late_since timestamptz,
            created_at timestamptz NOT NULL
        );
        CREATE TABLE deliveries (
            id bigserial PRIMARY KEY,
            notice_id bigint NOT NULL REFERENCES notices ON DELETE CASCADE,
            user_id bigint NOT NULL,
            channel varchar(100) NOT NULL,
            status varchar(9) NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL,
            reason varchar(500),
            ended_at timestamptz,
            CONSTRAINT deliveries_once UNIQUE (notice_id, channel)
        );
        CREATE TABLE lease (
            shard int PRIMARY KEY,
            epoch bigint NOT NULL,
            owner varchar(100),
            until timestamptz NOT NULL
        );
        CREATE TABLE checkpoints (
            symbol varchar(40) PRIMARY KEY,
            last_id bigint NOT NULL,
            price positive_number,
            print_time timestamptz NOT NULL,
            segment_after_id bigint NOT NULL,
            high positive_number,
            low positive_number
        ) WITH (fillfactor = 50);
        CREATE TABLE watermark_segments (
            id bigserial PRIMARY KEY,
            symbol varchar(40) NOT NULL,
            after_id bigint NOT NULL,
            last_id bigint NOT NULL,
            high positive_number NOT NULL,
            low positive_number NOT NULL,
            CONSTRAINT watermark_segments_once UNIQUE (symbol, after_id)
        );
        CREATE TABLE instruments (
            id int PRIMARY KEY,
            body bytea NOT NULL,
            fetched_at timestamptz NOT NULL
        );
        CREATE TABLE IF NOT EXISTS aerich (
            id serial PRIMARY KEY,
            version varchar(255) NOT NULL,
            app varchar(100) NOT NULL,
            content jsonb NOT NULL
        );
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE instruments;
        DROP TABLE watermark_segments;
        DROP TABLE checkpoints;
        DROP TABLE lease;
        DROP TABLE deliveries;
        DROP TABLE notices;
        DROP TABLE command_keys;
        DROP TABLE orders;
        DROP TABLE ledger;
        DROP TABLE fills;
        DROP TABLE trades;
        DROP TABLE accounts;
        DROP TABLE chat_identities;
        DROP TABLE users;
        DROP FUNCTION ms_to_time, time_to_ms;
        DROP SEQUENCE engine_ids;
        DROP DOMAIN money_amount, positive_number, base_quantity;
"""


MODELS_STATE = (
    "eJztXW1z2zYS/isYfblkTvX4LY7jtB9kx2l9Sewb271e2+nQMAlJqPmikGAUtZf/fliQFE"
    "kRpAhKsmgaM/nggFiQepYEdp9dLP7uOZ5F7GBnYJpe6LLeCfq752KH8D8WL/VRD08m6QVo"
    "YPjeFn1x1Ek04vuA+diEwYbYDghvskhg+nTCqOdC7xvqhDZmxEKO55LZDrpyCaIB8ibERR"
    "PiozAg/luEkU8CwpBpewEJEGUIu5boFCA2JsglX9kO3NHyTH5L6o42MXjo0s8hMZg3Irzd"
    "57f4/Q/eTF2LfCVB8t/JgzGkxLZyCFILBhDtBptNRNspHV247L3oC49+b5ieHTpu2n8yY2"
    "PPnQvQCPsRcYkPP4u3MT8EVN3QtmMFJEBHD5t2iZ4yI2ORIQ5t0A1IRw+QtvUM4/Lq1rg5"
    "vzWMXkFviUQG7bjJ9FzQOYU3AAAYwSN892Z//+Dg9f7uwdHxq8PXr18d7x7zvuJ5i5def4"
    "seJkUrGkpgdvHjxeUtPJDHX6zojYOGb0IGMxxJCWWk6Juh7xPXnBV1cDbGvlwDWZkFPfAf"
    "uKiHBPUqRSQNqSbSj+IxVOHgr4ZN3BEb8//uHVWg/J/B9dlPg+sXe0cv81Bfxlf2xSUAPQ"
    "U5YNhn/AGMe2xj1yRFsN8RkzrYluMtE1/A3Yrkd+JxnqAOKjB/d3528Wnw8cXBcf9YoB58"
    "tikjWXUc7i5i3gxqjXB9hGEZIJaBmQRjjgqjDpGDnBNchDmW3En+6BbQtxefzm9uB5/+Dc"
    "M7AYdZwDW4PYcr+6J1ttD6YnGqmQ+Cfrm4/QnBf9FvV5fnAk4vYCNf3DHtd/tbD54Jh8wz"
    "XG9qYCuLSdKcNOWULFb+JkrOCa5ByfHSrHW8fh2DrWeommEZoeW22BP4aB/PHANLePggtc"
    "YA1KIa3ns+oSP3A5kJVVzw5y5ZpGJv5Od4mCemgm/JO5a0pp+9j6dz1yH76vHfzn8xiZaq"
    "a/4lXF+ccYwB4ntsPkyxbxklWNvEGhE/kLz1seD7D9eE+0jwI0qR/igGueYfVnfgzi/yvs"
    "VBWhGlKxikqwjxK3z4FRG6hUG6hBB8gd6+l/nyct9k8ZKz7yy2YBePxE+Ce8OdYrC4Z8ou"
    "LOIyymY9CRmTu96vYmRM3pPPJKIrJTWJmYEgRxAOEEYwAJpw7Q4930EPfIUN0Jg6RcKlrp"
    "CESPm9l/QV70/8t5HMgn8sEC2/93JXNOfSOs4lq866nEvuFdCcy3LOpfCdNADbKDdyuwD6"
    "0WEN0I8OS0GHS3nQTZ8AGE3cxZykJgW0w9h2hWqHcesqeAyHcbOGLDEfJh6VxxQzV5cYsU"
    "m/mgbs7ZggGwfcBuXoMuQNuU0azJx7z0YMTNMpWKkmBAc9t4+mlI0RZQHyQ9fl2uCXGfEd"
    "7D+ggIwcbjsXrd2N3GGFGGN0bxUTIJVYz8K/XbM3t+wf7tZY9oHuL1n2k0hAuYELqldeHz"
    "JCen1Q9DUyZq9PlYNec5mVQ15Ph6RPIl5Hu/2D3dohLzGdGYkFqmLf5iW1fdtq+zZedQw8"
    "ZA0MXZm0ntEaz2hjOhorTmiJiJ7PlsxndhS4UIA2ltDISpAt+Glb8io8h1+zuPfXk3kV6d"
    "VqryLqZzyQmYJbMaQ+t/q5vyVsfhdRizgTj0G2GOIjnaApmP808gCGni/yCUWbyR8ThGiJ"
    "O7G2kaUMe8ZD5INJOPUMP6Vp9XbS6g9EKYsx7t5BXnd/t46Hx3uVunjiWn6peOA/TQneuH"
    "8H8d1Agmh4/ycx1X3mvJw2MhsbmWQ4BBzd0LmXEaqlCijIbVcHuyvjvr93+Prw+ODocA73"
    "vKUK5SKi3B3jz6T8RufE9Avd+IXWkbhShXSJqdCROB2Ja4MKnnok7h2x6RfiSz3m+bV+lb"
    "9sRb1qZ5HBhruAuBbEu0R8zPUYNbmj6vJ/BHLEXJfYJ2gS9wldRm0U3wUCZz7/D7ai4Bns"
    "08OB5xZd583dRupHR6PHGo4HL3jT2n9upf+s15LtWWvxl1KAvmITZirSRRe7FoWxV0Fh7B"
    "UpDL72slCSqF2RBTCX6CDGb2og/KYU3zeL6GLGiDNhEnxLJ4+siHacYxxhT70RI9PAfZOI"
    "ax+u1T5cZFOpTEupRKNpqWWxt/ys9KrWzP+qYuZ/VZz5uXHbiAvJyuk9rG3+iHKOR33zNS"
    "emDdh1kSERrGugQy7nAz0xNdQlRHIvYI4SORvcnA3enW+LEXlPbbsnYUNEe7+KCRnyHgok"
    "CNeOGUJDxDFAWaEoa1hkCv8ZBozyR4biQ2/RXS7ecgcVi6C/2IL5jwD55AsNaBkNsqkbSY"
    "kQ0TNWaz5IVL5fD3TneQ86y2DbM1u/giXpSKRwvTpZm/OjOaitcVA6wSP1Qep4IOX+x6L3"
    "oR28zWbPfA7xfK+/QiprVuw5FvtS3vqwxY0lnYcXfrsiuomIBncZuNhJirMqwJsKPUeAlS"
    "oBDonquxtLaGSXzbquJChYPee6spigRrZolNncyCISk7d60s2IaYyXzQueP6JfiMT0rZ4c"
    "MmIa4yUY87uNRtz/bWKfFWT1tq5laGN/RBqwPwW5RkRFy9BdN/kT7ZFWZX+yUpr+aUz/RD"
    "A29PKyks9xxtZVBHRIuhCSTmM5ilrOCWolt1vJ0YEBUbEHxYmzIPscp05FYzeNqta3ELJS"
    "2kJYV44HS0oWr5ji0bXSx/2FDI/s29eqPS+gGj+EUjXRm7CQ6JG93K/K96ALHWsViuDufQ"
    "iZFFGdtQAKI4uCcQEhbl9sTfG96QmUjYPDb0TGhhcykYQhROOyyVA1bgToB/KqEZu5zZpP"
    "u1o5c6PO19KG1I0VPcXypIx7z5JE/06pi/1ZmY1lyQJ/9zMWbeB6mpORdHL/eHWas6b48n"
    "p6cTm4/vXFp8F/X+ZMqo9Xlz8m/bOW0umvt+eDAunPzHEj+zYvqQ3c1hm4LSlk9BGYdtnS"
    "FF2oXJTseZely9EvYw85eIamPrc/o9JBKBjzp99BsISQiWeO+VJhz5BPAxK8RXdik+Q8KR"
    "BmpXt+N77MiBe3sBBt4garFEOFWyusQvP+eiFanh0IulTzTuYi2jVpTF56U1fmfZcnWM0F"
    "OphftYmtk2JCUl3n50J6iddLfNkSn5yfJV3mM4drVS310K3uWo8ZcrwvxIIagvGBzHxdja"
    "m4HTSYQCWE72A1Pomdwn+iIHReROlAL9EPSd8+wvYUzySO56ZuorjRoB/n6BY3HMSPpM8I"
    "2vYKposxtEYVmmRuBfh6e80mMyz0Ho9N7fHQKcYbPs5dB9O76YjkPqLULlVae/NyXZr5tx"
    "vijXFdQ5B3kI70xBRRN8ybfwdbFeiNiyhIPOy0vEK5ex1VKFDY0M/GUEiQeYgR20ZYHHy7"
    "g+4meGZ72Jqz2pHFBhHZf91cXb5Fdya/950ItTI8km/hX9/Qy/nz3L588JT7SB8D0JI5q1"
    "/hOYOuVWzcpH8HbdyD/RpG7sF+qZULl1rhG7eNcH+GrnE7VbA2z9jzrQaEW1aqQ6g+8ou9"
    "RbNf489bYvOpCD5YTyUbEVKRRZ+acsvrf8imwRO29mVYAhg5RzpZJ+dpVJkl9EySRAUDnC"
    "5AD0RPs9KEeUlNbLSa2LA57EZAXeneqko15yV1Dco2a1mfufIs1KxDs23hJ/WZK3WYyVXO"
    "XMlaKsn5JpIK76ex8PsP14SvWFRau0xynEpHEP+2Sfb2CnzMnoS8jS70q7hb4Z/WpG4HIl"
    "WJTLg2ULSlx4RLJ9GZqpQFfaBXobgrsfp8EGoHcDoMbzPh8+KtO+gOtlXcnQDzGtunRR53"
    "g/dRJHUnNja3xeU+lUzpLZO50b4tFTo3leggoXtYJ7X3sDyztxhX1xkhm8oI0VT5Y08jy/"
    "YDltNZJbsBNZelwmXp45Vy08lxjenkuHQ6OV6cTh41rNm2SWTDUc0hN4wlL275fDEXaMmE"
    "8fe3JzRPpGZ3AfEl1Y+ygpokazVJpk9c6rqGdbLmlo1czUNrHroNKlgfDy2ZXtYAq8493m"
    "LucVTdS8Jez8t+lbPXggtRSDz2OQgWB4hO3oo0YGpFCcGYwdHn0CL48Lhlwt8F3oHtoE+e"
    "S2aIzrfqIjP0feKaM3kS8mZuI93cm/lk6pweZtpeEBPakKy81W2+muCuRXArZ3PqHY6VeZ"
    "w6YLDhgIFFfWImEd66GOeEOgjzmkMHmknNoVvnwLDy88IKx4Ulh3cqTLpZET3tylK4oYSx"
    "OhWQkeoSrI9d/UrYmA3ItpygJlRbTbeltr2iknOCmlJts471QZZK+m12+gZxmT8zGkJdFN"
    "aA1wO8yckyC5Ia6npQw459z8WqJwcWhZ8j4IqHCAbE/0LUDxFMxTTGtd5p9SNGc3Ia5SUo"
    "c5yMBmcQZ8WeI8b6kOf2gOuFMnTLk7jmAi1J4nqaWZ82/9nUEnt+Gtl4Unl9DumSlz1g3q"
    "QR3HlBjfMSnKlLGcW20Rhv+QAa9yW4R+flKuXkZkT0hL7ChO4TbNO/iGWonz2/KNoeo2W3"
    "PZY2+UqZwZEK1EKoC2LdS+vfqxPm2yuP8+0VAn06Q1VnqD4n6HWGqs5QbSmyK2aoZngqat"
    "urVqB4z8foENYbrT4hvnhJ+m4yE5Rn78LHpJC8O+G9PTc6ES/KqMVoEpDQ8tyZg+5nUL2X"
    "2MMThG07Sq2FJwrQmDrQmbrozuSt/A0jEJujJLiTp+9u6kZrPhRWFwxer1VSnoJreya2lf"
    "bWphIdzLZbvx3+l+cqwZv07yC4R4d1chkPy5MZDwv7wnXRueeQGgSnlhtRcRDlLQNS2e36"
    "VivwMetOXY0s0WYlWLOSOrWubd9PwR+u42DEnsqqPkb3XLr8qpO3gFcEi5sC7CIarFNlAf"
    "P1WxzuZFnGA5mtDFc01AfSWbDiM2dWxCk93aaLGEW1HVeEaF5DsosIRfuHV0Rovk+5Kwht"
    "ki36hePjO9h/uCEjh4h7FpijQp9+FYs0TXobQdS9JqX0Ex2NScAQnyeR7U3hzwnHi6EpZW"
    "N0l+w8Qt8DB/T9D0jYyNS6Qy+uf/54foNevyyyR2saU7rTO92FOt8UtbjVW9NHraSP9I7j"
    "De841nsLtxjCjecwNewzQhr6xtCP+XIjoSSqEnASkfYk3rQ1wYyv34rYxhIaWhm0ClTLJu"
    "3PAfGpOZZZnfGVSlsTp32W2Zfl6K45DPhcjLgV6dxy8+wLd5IVq5VkRDpooO2/qlOthPcq"
    "NdHEtQUbjX9UCgjH3TuI7t5uHfuX9yqPn+4WFit+R0ZkmUbl2dAZEZ0NrZgNvdXF7Nv/Ac"
    "IaDng="
)

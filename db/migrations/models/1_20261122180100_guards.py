"""The guards: partial uniques, checks, the append-only ledger; the indexes of the hot path."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE UNIQUE INDEX accounts_one_open ON accounts (user_id) WHERE closed_at IS NULL;
        CREATE INDEX accounts_of_user ON accounts (user_id);
        CREATE INDEX chat_identities_of_user ON chat_identities (user_id);
        CREATE INDEX trades_open ON trades (id) WHERE status = 'open';
        CREATE INDEX trades_open_of_account ON trades (account_id, id) WHERE status = 'open';
        CREATE INDEX trades_of_user ON trades (user_id, closed_at);
        CREATE INDEX fills_of_user ON fills (user_id, booked_at);
        CREATE INDEX ledger_of_account ON ledger (account_id);
        CREATE INDEX orders_waiting ON orders (id) WHERE status = 'waiting';
        CREATE INDEX orders_waiting_of_account ON orders (account_id) WHERE status = 'waiting';
        CREATE INDEX orders_of_user ON orders (user_id, placed_at);
        CREATE INDEX command_keys_by_age ON command_keys USING brin (created_at);
        CREATE UNIQUE INDEX notices_trade_effect_once ON notices (trade_id, effect_number)
            WHERE trade_id IS NOT NULL;
        CREATE UNIQUE INDEX notices_order_code_once ON notices (order_id, code)
            WHERE order_id IS NOT NULL;
        CREATE UNIQUE INDEX notices_account_code_once ON notices (account_id, code)
            WHERE account_id IS NOT NULL;
        CREATE INDEX notices_of_user ON notices (user_id, id);
        CREATE INDEX notices_by_age ON notices USING brin (created_at);
        CREATE INDEX deliveries_pending ON deliveries (user_id, channel, next_attempt_at)
            WHERE status = 'pending';
        CREATE INDEX deliveries_by_age ON deliveries (ended_at) WHERE ended_at IS NOT NULL;

        ALTER TABLE users
            ADD CONSTRAINT users_number_counts CHECK (last_trade_number >= 0),
            ADD CONSTRAINT users_are_named CHECK (locale <> '' AND zone <> '');
        ALTER TABLE chat_identities
            ADD CONSTRAINT chat_identities_named CHECK (platform <> '' AND platform_user_id <> '');
        ALTER TABLE accounts
            ADD CONSTRAINT accounts_balance_not_negative CHECK (balance >= 0),
            ADD CONSTRAINT accounts_start_positive CHECK (starting_balance > 0);
        ALTER TABLE trades
            ADD CONSTRAINT trades_direction CHECK (direction IN ('long', 'short')),
            ADD CONSTRAINT trades_status CHECK (status IN ('open', 'closed')),
            ADD CONSTRAINT trades_closed_when_empty CHECK (
                (status = 'closed') = (quantity = 0)
                AND (status = 'closed') = (closed_at IS NOT NULL)
                AND (status = 'closed') = (exit_reason IS NOT NULL)),
            ADD CONSTRAINT trades_quantity_within_entry CHECK (quantity <= entry_quantity),
            ADD CONSTRAINT trades_amounts CHECK (
                reserved >= 0 AND reserved <= entry_notional AND entry_fee >= 0),
            ADD CONSTRAINT trades_counts CHECK (revision >= 0 AND number >= 1);
        ALTER TABLE fills
            ADD CONSTRAINT fills_kind CHECK (
                kind IN ('entry', 'exit') AND (kind = 'exit') = (reason IS NOT NULL)),
            ADD CONSTRAINT fills_quantity CHECK (quantity > 0),
            ADD CONSTRAINT fills_amounts CHECK (
                fee >= 0 AND released >= 0 AND forgiven >= 0 AND balance_after >= 0
                AND (CASE kind WHEN 'exit' THEN amount >= fee ELSE amount <= 0 END));
        ALTER TABLE ledger
            ADD CONSTRAINT ledger_kind CHECK (kind IN ('entry', 'exit', 'fee'));
        ALTER TABLE orders
            ADD CONSTRAINT orders_kind CHECK (
                kind IN ('entry', 'close') AND (kind = 'close') = (trade_id IS NOT NULL)),
            ADD CONSTRAINT orders_status CHECK (
                status IN ('waiting', 'filled', 'failed', 'canceled')
                AND (status = 'waiting') = (ended_at IS NULL)
                AND (status IN ('failed', 'canceled')) = (code IS NOT NULL));
        ALTER TABLE command_keys ADD CONSTRAINT command_keys_named CHECK (key <> '');
        ALTER TABLE notices
            ADD CONSTRAINT notices_one_subject CHECK (
                num_nonnulls(trade_id, order_id, account_id) = 1
                AND (trade_id IS NULL) = (effect_number IS NULL));
        ALTER TABLE deliveries
            ADD CONSTRAINT deliveries_status CHECK (
                status IN ('pending', 'delivered', 'dead')
                AND (status = 'pending') = (ended_at IS NULL)
                AND (status <> 'dead' OR reason IS NOT NULL)),
            ADD CONSTRAINT deliveries_attempts CHECK (attempts >= 0);
        ALTER TABLE lease ADD CONSTRAINT lease_epoch_counts CHECK (epoch >= 1);
        ALTER TABLE checkpoints
            ADD CONSTRAINT checkpoints_segment CHECK (
                (high IS NULL) = (low IS NULL) AND (high IS NULL OR high >= low));
        ALTER TABLE watermark_segments
            ADD CONSTRAINT watermark_segments_range CHECK (high >= low AND last_id > after_id);
        ALTER TABLE instruments ADD CONSTRAINT instruments_one_row CHECK (id = 1);

        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $f$;
        CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER ledger_never_truncated BEFORE TRUNCATE ON ledger
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER trades_closed_is_final BEFORE UPDATE ON trades
            FOR EACH ROW WHEN (OLD.status = 'closed') EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER lease_epoch_rises BEFORE UPDATE ON lease
            FOR EACH ROW WHEN (NEW.epoch < OLD.epoch) EXECUTE FUNCTION refuse_change();
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER ledger_append_only ON ledger;
        DROP TRIGGER ledger_never_truncated ON ledger;
        DROP TRIGGER trades_closed_is_final ON trades;
        DROP TRIGGER lease_epoch_rises ON lease;
        DROP FUNCTION refuse_change;
        ALTER TABLE users
            DROP CONSTRAINT users_number_counts,
            DROP CONSTRAINT users_are_named;
        ALTER TABLE chat_identities
            DROP CONSTRAINT chat_identities_named;
        ALTER TABLE accounts
            DROP CONSTRAINT accounts_balance_not_negative,
            DROP CONSTRAINT accounts_start_positive;
        ALTER TABLE trades
            DROP CONSTRAINT trades_direction,
            DROP CONSTRAINT trades_status,
            DROP CONSTRAINT trades_closed_when_empty,
            DROP CONSTRAINT trades_quantity_within_entry,
            DROP CONSTRAINT trades_amounts,
            DROP CONSTRAINT trades_counts;
        ALTER TABLE fills
            DROP CONSTRAINT fills_kind,
            DROP CONSTRAINT fills_quantity,
            DROP CONSTRAINT fills_amounts;
        ALTER TABLE ledger
            DROP CONSTRAINT ledger_kind;
        ALTER TABLE orders
            DROP CONSTRAINT orders_kind,
            DROP CONSTRAINT orders_status;
        ALTER TABLE command_keys
            DROP CONSTRAINT command_keys_named;
        ALTER TABLE notices
            DROP CONSTRAINT notices_one_subject;
        ALTER TABLE deliveries
            DROP CONSTRAINT deliveries_status,
            DROP CONSTRAINT deliveries_attempts;
        ALTER TABLE lease
            DROP CONSTRAINT lease_epoch_counts;
        ALTER TABLE checkpoints
            DROP CONSTRAINT checkpoints_segment;
        ALTER TABLE watermark_segments
            DROP CONSTRAINT watermark_segments_range;
        ALTER TABLE instruments
            DROP CONSTRAINT instruments_one_row;
        DROP INDEX
            accounts_one_open,
            accounts_of_user,
            chat_identities_of_user,
            trades_open,
            trades_open_of_account,
            trades_of_user,
            fills_of_user,
            ledger_of_account,
            orders_waiting,
            orders_waiting_of_account,
            orders_of_user,
            command_keys_by_age,
            notices_trade_effect_once,
            notices_order_code_once,
            notices_account_code_once,
            notices_of_user,
            notices_by_age,
            deliveries_pending,
            deliveries_by_age;
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

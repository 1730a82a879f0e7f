"""The chats' guards: known settings, 20 plans, an audit that only grows; the outbox's indexes."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX chat_identities_of_former_user ON chat_identities (former_user_id)
            WHERE former_user_id IS NOT NULL;
        CREATE INDEX parked_requests_of_person ON parked_requests (platform, platform_user_id);
        CREATE INDEX parked_requests_by_age ON parked_requests (expires_at);
        CREATE INDEX link_attempts_of_person
            ON link_attempts (platform, platform_user_id, tried_at);
        CREATE INDEX link_attempts_by_age ON link_attempts (tried_at);
        CREATE INDEX live_messages_of_person ON live_messages (platform, platform_user_id);
        CREATE INDEX live_messages_by_age ON live_messages (until);
        CREATE INDEX orders_entries_waiting ON orders (account_id)
            WHERE status = 'waiting' AND kind = 'entry';
        CREATE INDEX notices_unaddressed ON notices ((code = 'broadcast'), id)
            WHERE NOT is_addressed;
        CREATE INDEX deliveries_due
            ON deliveries (split_part(channel, ':', 1), priority, notice_id)
            WHERE status = 'pending';
        DROP INDEX deliveries_pending;
        CREATE INDEX deliveries_pending
            ON deliveries (user_id, channel, priority, notice_id) INCLUDE (next_attempt_at)
            WHERE status = 'pending';
        -- How many are pending changes faster than statistics are taken: better none than wrong ones.
        ALTER TABLE deliveries ALTER COLUMN status SET STATISTICS 0;
        CREATE INDEX deliveries_dead ON deliveries (ended_at) WHERE status = 'dead';

        ALTER TABLE users ADD CONSTRAINT users_settings CHECK (
            confirm IN ('always', 'buttons', 'never')
            AND card_money IN ('shown', 'hidden') AND theme IN ('dark', 'light'));
        ALTER TABLE chat_identities
            ADD CONSTRAINT chat_identities_gone CHECK (
                (gone_at IS NULL) = (gone_reason IS NULL)),
            ADD CONSTRAINT chat_identities_moved CHECK (former_user_id <> user_id);
        ALTER TABLE plans ADD CONSTRAINT plans_named CHECK (name <> '');
        ALTER TABLE rooms ADD CONSTRAINT rooms_cooldown CHECK (cooldown_seconds >= 0);
        ALTER TABLE deliveries
            ADD CONSTRAINT deliveries_priority CHECK (priority BETWEEN 0 AND 4);
        ALTER TABLE notices DROP CONSTRAINT notices_one_subject;
        ALTER TABLE notices ADD CONSTRAINT notices_one_subject CHECK (
            num_nonnulls(trade_id, order_id, account_id)
                = CASE code WHEN 'broadcast' THEN 0 ELSE 1 END
            AND (trade_id IS NULL) = (effect_number IS NULL));

        CREATE FUNCTION refuse_plan_beyond_20() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            PERFORM 1 FROM users WHERE id = NEW.user_id FOR NO KEY UPDATE;
            IF (SELECT count(*) FROM plans
                WHERE user_id = NEW.user_id AND name <> NEW.name) >= 20 THEN
                RAISE EXCEPTION 'there are 20 plans already' USING
                    ERRCODE = 'check_violation', CONSTRAINT = 'plans_at_most_20';
            END IF;
            RETURN NEW;
        END $f$;
        CREATE TRIGGER plans_at_most_20 BEFORE INSERT ON plans
            FOR EACH ROW EXECUTE FUNCTION refuse_plan_beyond_20();
        CREATE TRIGGER host_actions_append_only BEFORE UPDATE OR DELETE ON host_actions
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER host_actions_never_truncated BEFORE TRUNCATE ON host_actions
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER host_actions_append_only ON host_actions;
        DROP TRIGGER host_actions_never_truncated ON host_actions;
        DROP TRIGGER plans_at_most_20 ON plans;
        DROP FUNCTION refuse_plan_beyond_20;
        ALTER TABLE deliveries ALTER COLUMN status SET STATISTICS -1;
        DELETE FROM notices WHERE code = 'broadcast';
        ALTER TABLE notices DROP CONSTRAINT notices_one_subject;
        ALTER TABLE notices ADD CONSTRAINT notices_one_subject CHECK (
            num_nonnulls(trade_id, order_id, account_id) = 1
            AND (trade_id IS NULL) = (effect_number IS NULL));
        ALTER TABLE deliveries DROP CONSTRAINT deliveries_priority;
        ALTER TABLE rooms DROP CONSTRAINT rooms_cooldown;
        ALTER TABLE plans DROP CONSTRAINT plans_named;
        ALTER TABLE chat_identities
            DROP CONSTRAINT chat_identities_gone,
            DROP CONSTRAINT chat_identities_moved;
        ALTER TABLE users DROP CONSTRAINT users_settings;
        DROP INDEX deliveries_pending;
        CREATE INDEX deliveries_pending ON deliveries (user_id, channel, next_attempt_at)
            WHERE status = 'pending';
        DROP INDEX
            chat_identities_of_former_user,
            parked_requests_of_person,
            parked_requests_by_age,
            link_attempts_of_person,
            link_attempts_by_age,
            live_messages_of_person,
            live_messages_by_age,
            orders_entries_waiting,
            notices_unaddressed,
            deliveries_due,
            deliveries_dead;
"""


MODELS_STATE = (
    "eJztXW132zay/is4/tLkXK2PYzuO6+x+kB2n9a1femx3u7vpHgomIQk1BagkZEXtzX+/GP"
    "BFpAhSpERZNI1PiUkMSD0DzhtmBn/tjLhDXH+3a9t8wsTOCfprh+ERkf9ZvNVBO3g8nt+A"
    "CwI/uGosDgapi/jBFx62YbI+dn0iLznEtz06FpQzGH1HRxMXC+KgEWdktotuGEHUR3xMGB"
    "oTD0184n1EGHnEJwLZLveJj6hAmDlqkI/EkCBGvopdeKLDbflIygabmHzC6B8TYgk+IPK6"
    "Jx/x5b/yMmUO+Ur86M/xo9WnxHVSCFIHJlDXLTEbq2undHDBxGc1Fl79wbK5Oxmx+fjxTA"
    "w5iwlogP2AMOLBz5LXhDcBVNnEdUMGREAHLzsfErxlgsYhfTxxgTdAHbzA/NqOZV3f3Ft3"
    "5/eWtZPhW0SRQDu8ZHMGPKewAgCAAbzC377f3z84+LC/d3B0/P7ww4f3x3vHcqx63+ytD9"
    "+Cl5mjFUylMLv44eL6Hl6Iy4UVrDi48E3RYIEDKsWMOfr2xPMIs2dZHpwNsafnQJJmgQ/y"
    "By7yIUK9iBHRhTkn5h/Fc7BihL9aLmEDMZR/vjsqQPmf3duzH7u3b94dvU1DfR3e2Ve3AP"
    "Q5yL7AnpAvYD1gFzObZMH+RGw6wq4ebx35Au5OQL8bzvMCeVCA+afzs4ur7uWbg+POsULd"
    "/8OlgiTZcbi3iPlqUBuEyyMMaoA4FhYajCUqgo6IHuQU4SLMIeVu9J92AX1/cXV+d9+9+h"
    "mmH/kSZgVX9/4c7uyrq7OFq28WRU08Cfr14v5HBH+i/9xcnys4uS8GnnrifNz9f3bgnfBE"
    "cIvxqYWdJCbR5ehSislK86/C5BRhDUwOVbPhcf08BlvPqmqGJYiW22Iv4KN9PnMMLOH+o9"
    "YaA1CzbPjMPUIH7CcyU6y4kO+do6RCb+SXcJoXxoJv0RqLrs4/ew9PY9chufTkb5e/mASq"
    "6lZ+CbcXZxJjgPgB249T7DlWDtYucQbE8zWrPiT8/NMtkT4S/IhcpC/VJLfyw2oP3Gkl7z"
    "kSpDVRuoFJ2oqQvCOnXxOhe5ikTQjBF8j3eeLLS32T2Vuj/dHiFczwQP0keDY8KQRLeqbi"
    "wiFMUDHb0QRjUvc7RREZW46UkkQNpaRkYKargiMI+wgjmACNJXf73BuhR6lhfTSkow7iDI"
    "khlUOCmA/yqZTYqPc7p4Hp28vGZGqa9zf2G+sNOCOWR7DPWe8ETYcziN3YmDEu0ANBU48K"
    "QeRUfBf14BFSoMLD1VhptwXPlyRT+TYPRI4g4V+/MZeyR+JIUoTlbEN44+BdOio4NKWuC4"
    "/AA7kc5GzwFJiMMMfPCxV92Yl+qvpCwv9bkZz/70Io6UusAeSNLzuJ949Hm0hT4yJNSRaX"
    "jTSlloWJNC2PNGW+nRXAtvJN+zaAfnRYAvSjw1zQ4VYadFsKWrGak5yiNKGQRrvJ1JdKy9"
    "XpEM5dglmOEplTLfD3QZI9J0tjlVM3J09vbi5TTDy9WNAO179cnZ5LUbYQW4yUxhzjhN1S"
    "RXQtkK0ktRoWYEoLrf29vRJSS47KFVvqngbs6kIrQWbiek0WWLFTUJXDKcJGaaVrPn3z1r"
    "BXPWvB78mqpQLXJku7UhC3YR/vczo6JnxuwufNYkF94fMcKfN80DZMrpRFNitVK+9PbDZu"
    "SuzHMaf6FLbE3U5xzDQaVzJeej8kyMW+QGMJskC8jzDyZ6MH7gaRQYgxygmIgzjroCkVQ0"
    "SFj7wJY5Ip8rYg3gh7j8gngxFhmmy2jTxhjZS24NlVHJg5RT0Rl+3GG1Ouy2EZz+Uw33GJ"
    "Ek/yI4vA+soKOEFkFPDKto/84CrnWMU0a2dYNVNNFCVYHe11DvZKZ1gpcWZFTlYVDy5N2S"
    "gXzvjpi45cqHUs3BcreBI6aiPRVpZoQzoYVhRoEYmRZ0vkmRvkyVSANqQwyGqQzTjCW/Iq"
    "+Ejec6QPuKPzKuZ3i72KYJz1SGYV3Io+9aTVL/0tZfMzRB0yGnMBxQlIzgTZDPM8BumdBR"
    "kKcM2WrwlENMedqG1mbbpDwkOUk2kSHBIbgyafoZn5DI+kUtFMOLyFG+ob2Zt6lD+tErzh"
    "+Bbiu4F6pMnD78Su7jOn6YyRubKRSfp9wJFNRg+6sGouAzJ02+XB3tq47787/HB4fHB0GM"
    "MdXylCOYuodMfkO1Ve0Skys6BXXtAmBSqXIW2KVJitTrPV2QQWPEel0CZ95k/EpU/E03rM"
    "8b1Okb/sBKNKFy1AfwefMAf2u9T+GOOC2gTqCThT+f6MEfcEjcMxEyaoi8KnwMaZJ//ATr"
    "B5Bm0hINcu6zpv5jGqpGHsUe5RMetJuyP0uBH5SkUH7as/g1oERqY+PFk+7Tv5nynroEN1"
    "O/DXfQTJmFC8QADjB+7M8r304N3D9RO+esZXN955I71zo6m2ZwuGX0oG+oKOInOSNjrwpQ"
    "Ik7woCJO+yARKp2cVEU3VYkGMQU7QQ4+9LIPx9Lr7fL6KLhSCjsdDgmys8kiTGLQ9xhAZR"
    "VojMCs6hhtx4iI32EKvXbrS5bON9Kcn/vkDyv89Kfmk6rxRpSdKZwo0mf0SRq5Pl8N0Iu2"
    "6uCkrSbVcF7a+tgg72PxzF2gf+KFI8d1fdy0uN9kk6cOXdgBSZcQTqClkFsNYQtLqOJ3ph"
    "bCgbtkotwFTg6qx7d9b9dL6tuNVn6ro7mpiVut4pilf15YgKoSrJHXsCF4JIEPQaDXK7VT"
    "737xNfUPnK0JH0I+qldsV6Ksgjx6u+LN/5yCNP1Kd5wapNPUgbUFIjQ7amt/LyW1x0VKHw"
    "o8kF2bZk6xREm1qyn1svT2pzIk0sb2uxPJOGM/flynhy+X7cohdnHOXN5jj9McFxA7AKCc"
    "dJstfYAbhygcoWy39aDy/89oroRiQG3GXg4lF0YkMFeOdErxHgSu3B+6Tq2g0pDLLLpC7T"
    "bK4Wy1ym21s1yGaNMlcaWURj8hYL3QSZwXiZXODegD4RjelbLBwSZAbjJRjLpw0G0v9dxT"
    "7L0Jriu2VoY29AVoj+ZOha1IOptuBPUMleNfqTpDLhn5XDPwGMK3p5ScrXKLFNrweztZ/Z"
    "2p/v5VTkcorQMLnZTA5OEQtaclQUnBna1yg6Kxq7813V8hZCkspYCHXleIjoHJM1Uzzadh"
    "5KZyHDI7n6GlWZ9KMUhV07/NmZPI/E3U5RtsdQjrOwGlgy6eNXSLfACAiRQ51d1B1DjdDf"
    "OHNnH1FP0vIg4wIOPwnLBbIZHSvPYs6vbbC86aD8zAvF0iq7qDFBC7eoN1JoguPvvQLE+s"
    "Ou2oBxXe0s5wA7RGBaqVxqTtFKgEutYhhWALJ2Ha/keCXpjN/VOL8rY4xux24Ck9abQCNG"
    "X2c4JW8XWk50YWCpNmhPhE0gAzXoIuzDEXKqHbJPCOuowmuPT0+gKTKcJK4yXflEqORVRR"
    "oeMAc9kQewMnx9T7TNPKZm02ttu6vMN9sEw2vNCHu+SQVF8TqTlmFvlhebcnQJUw8zEbQn"
    "aI9IPL28OU1JQ6lyTi+uu7f/fnPV/dfblEi8vLn+IRqflHSn/74/72aSJYQ9XEk9pSmNgj"
    "IKSq+gLiFDQaeaghuFSsmNh5Tw4zka4Zk6YZQEbTqQLw1Z6YuDCiFjbg8RuOPIoz7xpVOu"
    "WoDExRQglR7k06SaUQtX4+LX/4B1Wv3DoytooXi8UUTLqyqAl9WCKzGJCemuvOnLp0y3a5"
    "HvjsYELcxL30RERQmkqno+JjIq3qj4PBXvDIh3q15Mo+ajm0tUPQyrELMf8SfiQC+u8BRw"
    "qVfDLcxU9P0kdAr/B/mT0Zsgjfot+kc0toOwO8UzjeO5qYdULNDshLVN2ULN8JXM0ePb1m"
    "CmGVhjWGE25xsBvilL3mRmqqmN3VRtrCnN2mzGlElCbKkjkt7vjO3SSro3Tdcmyb/d1LgQ"
    "1ywzKifHdeczvTBGlE2PS6/BRiXIXVL22A06Uu7o3OzE7U6hoy0HWsmeocv97S6aepwNkC"
    "1n66CHmYpn2+Afq2ZFEnrpJOsOtKpCuDwW/mVn7GIBZx2rJRr+P3nqsZpQ9SvqoC+Jv4x7"
    "3Ej3OMnOssZsagm0z6Ctvx+J7jupCraVH5NoA+hHhyVAPzrMBR1uZepgV7Jzk3TGzG2cmd"
    "uUeLtU4Wfyv3l2gLq33AgArVwh2UudoyFJgvM1QCKEvQo5ZT7CLDgHI9DuXCW6h9ZUB42w"
    "JKMM9cLU954+z6v2JxSegalsBHicNcT+0Jyv8TJshjnDKuixFJFRYCUUmDlL4zk25M3pda"
    "01FVLbIV/HVE63Suv8FKVhc6PZLA2LVT7lBJk5HaHh/DW7+Y0IaZtDKMsEs5t6COUlfSJX"
    "xPfxIMeDnd/uFDuxT8QaBSNLR7LD8YFjSaF5fl+KiCHEoRkau9gm4dmQYfp2B2H/Ud5VRz"
    "lCp/6e9J2JxoGtd2qt55qMfYIXHDI3fG6cCFY+ZK5c4CDB08TIm+nvmhj5M8TIEx9TBW83"
    "Z6u6DRDXH1BICKkKKKepDNBlth74mNpVMI4JDLwl4DXbaVsAHeyiKkBH41sI7kZOdjSFQS"
    "0LWzRkozI8ME/j5M2P0sv374LT6Coc3iaGkqewNSiI64Y7iLuoN8Yzl2MnrsQNssyhi8T/"
    "3t1cf0Q92B7qqfYQAg/0x7XVM/Vv7DfWoz5wTzLYJ07vRN2TP136sh6c9waPCJOk/MCTxJ"
    "58PHcd6TwG/iJcUPudfFI+dSqhcuK9z/kegvH+mun92VzX1bB4o7Oliu9gv4TeO9jPVXtw"
    "qxElQg2L0L/GCqFmsqC2AiHuOSvsVCSpWoTqMy/sLVY/GPzBxw4ssiz4YJDluOVzkkVXhk"
    "pj7v+QS/2XuFVXgCWAkfJfIj0Zd5NKqNAzTS8pmOA000/Sps5KW+BpSuNPNs6fTAVjJOyW"
    "T5n2aI5CNqcpTbJDk7lsUtNeBZuTwQiNwcK5SzDL8fQXSBebMEra52SuPi5UB1NPb24uU/"
    "w8vVgwQ65/uTo9v33zbqEQ2pwoblKImsmC50ghShqGUXjT16z8kPjzT7dEGgj6Bu4h2p+C"
    "iWYtQvzbJuPvN+DS72jC78GNTlH0XYUDyqZVqQZZZCxUrpMcPVGd+CG4jaaYCr8DAfI+dV"
    "3idOQk1PUR9+CaDZ+XvLqLetDMt3cCsfPQHdDkWG3uORVj6Cqda0uh8zKr3cTOd4Ju4VWi"
    "53OKFsbP6z8/wvQh2lQfIrMz8dxiZFkX+vzoYU4PehM6rBI6lGa2mGiMwwJZHVO0UJwclx"
    "Anx7ni5DiT3vqcu8hNEyIb3kTuS8NYs3Dz5UVM0BCB8de3FyQn5mZ3BvElZxUnCU1MstEx"
    "ScJW20VK0pnNhSZz2LQI3LKRa+LQJg7dBBbUF4fWiJcaYDUdL7dYJ/wz9h6Jc0sknr6252"
    "V6QKcomj1WQy0vGFu6Wjgcj8YTSOqmQY8pjDzOR6psFzpWjYnncwaJ2wMuLwSlvFDx69En"
    "uV7ggEJbc55U3ZPrz5Wg9iMR+gZXZWqDE/1HTIp4M8PcSRZn2FBQ9Zcma2EQZXO1f1VwNr"
    "XYpl9p81e2KbDc+DHgoNYrLucESQuBrn8Vmz5rudC/9OhRQwpaf3Yx29F5InC92AGRI0q7"
    "HT6GY+eApKPqQ6X3ItSx59Kyn6EpgYpQyUNnF3XhjDrpQ+zvgasQlKVqXI31JyxspQtrHw"
    "AxPXRfhMug/q2gh6LxLVRC+2WU0H6+EtrPKCGf/lkJ3Gh8+zZb68848gUfV8I2HG+wXY6t"
    "wJ4U7ZVCCDGFwXc5vmbLxWy5NIEFz5H6v0kT/FY6xTsaE1xdLzTBwZ0uaYKrw5+HXL5PEJ"
    "MfeHwyhlRyCcqT6vzichu7pKfe7gQRbA+RPyb4kXjf+YhPWc6B0uvPubQzaBQ1MMZ4Y4RR"
    "kTFugsrPEFQ2wbfNh5CV8KoURI4p2mc/bqBHLZeqQyoByyfyyY4m5zRXYOtIt2tO7q0ttd"
    "dqltOQaOKdkDan80/sKiwzFk3ydqFh46uB1hOMLB9jnFJhDztggExVmzkUaRU0hcAgdJxz"
    "sS9OEGazoP2dP8KuC8d4wotqw4x1zLm8Ei/XktluYGu7xsymTivKt1yeopWZhvuefM2RQz"
    "FBKxRq0ZbK+b/uU7spmdz3eEfl8ub6h2j4YkJ8YwTVPVSW6URUcKNQOKmqtApNPKVXxBw4"
    "Gnj8UXXCpE7QXFOKE95XV1RlcnhlLNeMOkIYXXFGZsqzCjLakD3xPMLsmb6h52Yes3SXJO"
    "hbl03FSoyxXe4nTjFOJOiZUuOG+nCV2xiu2b+waaKw7gaGpnR7w8Foh3rEjnptlMU4RdRC"
    "mGsu4jY1remIQ5mAQ368IRPRIU/U1y7gXKGbJDFiV9e7tC9W2KNKUrUJ1mcuyQpszBVy11"
    "KEJnWtcalrqSBebNtXZHKK0BS3NpnHf0wwE1Romoh8IjYdYVfP4STZIoMDut2Qvl3f8Kfz"
    "s4ur7uWbo73Owd5CA8WkbbuQ6suEN7NWhDpLbAAvB/jYo9q2v8vRjikN1OWghtNvOMO6Y5"
    "mWo50kfo2AHxx3jkvjLWU/ZGBozN5CpJNkBuNSa7pPVhMeIZ1BeQnKEicLfn5FkJNkrxHj"
    "auJ5BYANuKXB5RMduvnttGKChrTTepn991z5s6mjui+vZONp6dde7S/HSV1tsUN5wkpwpw"
    "kNzktwpowKil1rZbz1Exjcl+AeFIhU6o6YIDECfQ2B7hHs0j+JY41ZVQ9ykbQ5RssaWYO1"
    "+zNfqbAkUn61LdQFMpP3ujzv1fQKNL0CXxP0pnBt44VrplfgVnoFJuJU1HXXPQvos5yjRV"
    "hv9Bwg9cVr0ncjSZCfvQsfU4Xk3aBd4S66jzNqMRr7ZOJwNhtBlj8VPnH7JwiS/lVqLbyR"
    "j4Z0BIMpQz1bXpUrjMDeHCV+T5++u6kHrVF8YMoot5mC++zlZ00TLJu2w//k1VrEReNbCG"
    "79xZPmtNVlCrMVqUFQ+2YFxzRVLhnQ0r7qKs702eNgia529niS0qTWNfn7kT+tT6u1SkiQ"
    "bFkTPUyE4EEPwFq0UNEHEimhD7k66ENGBYGXMYLqtkrwpqi2jPCQOtKcr0/N11uxIP2Jat"
    "XJMcGWYXWw91gbqDUU2VQois3EedaNOrQvyJNOIOLeiHgWuMZrAiWXtbgInOsyxzU3U2kW"
    "g7UQQHhewF7k8rL5aISZYz2S2dpwBVP9RFoLlkvZowVHMa4L1aWc6Cw80rGNQEGys702St"
    "dqlrZiFJzmviZE8anxbURINeheE6CoDXgb8Qn6eKwJUNwvpC0IbXLX5leJjzeSxvcdGYyI"
    "emZmByczplO0mzONRlt+MLzk1s6PdDCEk6qkwkUun6pDqyReIjiOqhdVAKO/w17M3/+hej"
    "zJv3voze0vl+d36MPb7C5OTXNqO67Mu0HExcmmG+aL2MYxnT823PnD1PhvMZUqlGHVsE8Q"
    "GehXhn4o1Y1ma6AoETYiaU4CbFMTvaX+rohtSGGg1UFbIcC5SfuzSzxqD3VWZ3in0NbE8z"
    "HL7Mt8dGtOx3ktRtya26oFLT+Jp2+6lG+fJUhaaKDtvy+zoSFH5Z8g9D7TOQw+qgoIh8Nb"
    "iG6NbWxTm8iC6DJ+86uSEiSmKqliVdJWldm3/wcSwqPz"
)

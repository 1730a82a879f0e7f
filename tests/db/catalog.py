"""What a migrated database consists of, by name: the list that the migrations must produce."""

TABLES = {
    "accounts",
    "aerich",
    "chat_identities",
    "checkpoints",
    "command_keys",
    "deliveries",
    "fills",
    "instruments",
    "lease",
    "ledger",
    "notices",
    "orders",
    "trades",
    "users",
    "watermark_segments",
}

DOMAINS = {"base_quantity", "money_amount", "positive_number"}

FUNCTIONS = {"ms_to_time", "refuse_change", "time_to_ms"}

TRIGGERS = {
    ("ledger", "ledger_append_only"),
    ("ledger", "ledger_never_truncated"),
    ("lease", "lease_epoch_rises"),
    ("trades", "trades_closed_is_final"),
}

CHECKS = {
    "accounts_balance_not_negative",
    "accounts_start_positive",
    "base_quantity_is_not_negative",
    "chat_identities_named",
    "checkpoints_segment",
    "command_keys_named",
    "deliveries_attempts",
    "deliveries_status",
    "fills_amounts",
    "fills_kind",
    "fills_quantity",
    "instruments_one_row",
    "lease_epoch_counts",
    "ledger_kind",
    "money_amount_is_exact",
    "notices_one_subject",
    "orders_kind",
    "orders_status",
    "positive_number_is_positive",
    "trades_amounts",
    "trades_closed_when_empty",
    "trades_counts",
    "trades_direction",
    "trades_quantity_within_entry",
    "trades_status",
    "users_are_named",
    "users_number_counts",
    "watermark_segments_range",
}

UNIQUES = {
    "chat_identities_once",
    "command_keys_once",
    "deliveries_once",
    "fills_effect_once",
    "ledger_effect_once",
    "trades_number_once",
    "watermark_segments_once",
}

# Foreign key: what happens to it when the row it names is deleted (r: refused, c: goes along).
FOREIGN_KEYS = {
    "accounts_user_id_fkey": "r",
    "chat_identities_user_id_fkey": "r",
    "command_keys_user_id_fkey": "r",
    "deliveries_notice_id_fkey": "c",
    "fills_trade_id_fkey": "r",
    "ledger_account_id_fkey": "r",
    "notices_user_id_fkey": "r",
    "orders_account_id_fkey": "r",
    "orders_user_id_fkey": "r",
    "trades_account_id_fkey": "r",
    "trades_user_id_fkey": "r",
}

# Indexes beside those of primary keys and unique constraints; with the condition of partial ones.
INDEXES = {
    "accounts_of_user": None,
    "accounts_one_open": "(closed_at IS NULL)",
    "chat_identities_of_user": None,
    "command_keys_by_age": None,
    "deliveries_by_age": "(ended_at IS NOT NULL)",
    "deliveries_pending": "((status)::text = 'pending'::text)",
    "fills_of_user": None,
    "ledger_of_account": None,
    "notices_account_code_once": "(account_id IS NOT NULL)",
    "notices_by_age": None,
    "notices_of_user": None,
    "notices_order_code_once": "(order_id IS NOT NULL)",
    "notices_trade_effect_once": "(trade_id IS NOT NULL)",
    "orders_of_user": None,
    "orders_waiting": "((status)::text = 'waiting'::text)",
    "orders_waiting_of_account": "((status)::text = 'waiting'::text)",
    "trades_of_user": None,
    "trades_open": "((status)::text = 'open'::text)",
    "trades_open_of_account": "((status)::text = 'open'::text)",
}

UNIQUE_INDEXES = {
    "accounts_one_open",
    "notices_account_code_once",
    "notices_order_code_once",
    "notices_trade_effect_once",
}

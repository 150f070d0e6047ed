-- SQLite chooses between indexes by figures that only `ANALYZE` writes, which nobody runs here; without them it takes
-- every index for equally good. These are of a million orders of fifty organisations. What is right for so many is
-- right for few; whoever does run `ANALYZE` replaces them.
ANALYZE orders;
DELETE FROM sqlite_stat1 WHERE tbl = 'orders';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('orders', 'orders_created', '1000000 1 1'),
    ('orders', 'orders_state', '1000000 142858 1 1'),
    ('orders', 'orders_modified', '1000000 142858 1 1'),
    ('orders', 'orders_project', '1000000 2000 1 1'),
    ('orders', 'orders_customer', '1000000 33334 1 1'),
    ('orders', 'orders_customer_state', '1000000 33334 4762 1 1'),
    ('orders', 'orders_provider', '1000000 50000 1 1'),
    ('orders', 'orders_provider_state', '1000000 50000 7143 1 1'),
    ('orders', 'orders_offering', '1000000 5000 715 1 1'),
    ('orders', 'orders_resource', '1000000 1 1'),
    ('orders', 'orders_open', '250487 1');

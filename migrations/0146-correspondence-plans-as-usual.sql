-- One plan for every batch (0129) was made once on each connection, at times of tables that were still small, and then
-- cost more with every letter that came: measured, three times as much after twenty thousand. Back to plans as usual.
alter function correspondence.take_in reset plan_cache_mode;

-- What is done by the clock is a loop of the worker's (decision 0014): the queue that other versions prepared beside these files
-- goes, with the rights on it.
drop schema if exists pgboss cascade;

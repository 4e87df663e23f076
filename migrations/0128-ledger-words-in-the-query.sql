-- The words of an entry are spelled in the very query that asks for them. PostgreSQL does so only where a function promises
-- no more than its words keep, and `||` of a text and a number is stable, not immutable: until now each entry cost two
-- calls of a function, which is more than its hash costs.
alter function ledger.words stable;
alter function ledger.statement(ledger.entry) stable;

-- How far an existing mailbox has been read. IMAP numbers its messages (UID) within one life of the mailbox (UIDVALIDITY,
-- RFC 9051 2.3.1.1): when it is made anew the numbers begin again, and what was read says nothing any more.
create table mailroom.mailbox (
  -- A keyed hash of server, login and folder.
  id bytea primary key check (length(id) = 32),
  validity bigint not null,
  next_uid bigint not null check (next_uid > 0),
  -- The first visit: what a person had read before that is not the city's to take.
  since timestamptz not null default clock_timestamp()
);
alter table mailroom.mailbox enable row level security;

create function mailroom.mailbox_read(p_id bytea) returns table (validity bigint, next_uid bigint, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.validity, b.next_uid, b.since from mailroom.mailbox b where b.id = p_id
$$;
-- Everything below `p_next` has been taken in and committed, in this life of the mailbox.
create function mailroom.note_mailbox(p_id bytea, p_validity bigint, p_next bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into mailroom.mailbox as b (id, validity, next_uid) values (p_id, p_validity, p_next)
  on conflict (id) do update set validity = excluded.validity,
    next_uid = case when b.validity = excluded.validity then greatest(b.next_uid, excluded.next_uid) else excluded.next_uid end
$$;
grant execute on function mailroom.mailbox_read(bytea), mailroom.note_mailbox(bytea, bigint, bigint) to cityhall_keeper;

-- What a resident called her passkey was kept as she typed it, beside what is sealed: "Marta's phone" names Marta to whoever
-- has a dump. Now a passkey is known by the kind of device it was made on, and by when.
update residents.passkey set label = 'other' where label not in ('phone', 'computer', 'key', 'other');
alter table residents.passkey add constraint passkey_device check (label in ('phone', 'computer', 'key', 'other'));

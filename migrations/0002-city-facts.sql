-- What the database must know of the city's files to decide who sees what. The words stay in the files.
create table city.department (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$')
);
create table city.topic (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  department text not null references city.department,
  sensitive boolean not null default false
);
create index topic_department on city.topic (department);
create table city.place (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$')
);
grant select on city.department, city.topic, city.place to cityhall_app, cityhall_keeper;

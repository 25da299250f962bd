-- The keys that this database has worked with, so that a lost or foreign one is noticed. `id` tells keys of one name apart
-- without giving them away. Of the keys that sign passes the public half stays, under each name of the centre: what an
-- earlier key has signed goes on verifying.
create table key_used (
  name text not null, id text not null, issuer text not null default '', pem text not null default '', since_ms bigint not null,
  primary key (name, id, issuer));

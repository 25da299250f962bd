-- Blueprints by version: a row of blueprint_version is never changed but for who released it. blueprint.content repeats
-- the version in use (used_version, 0 = not in use yet); releasing is the version whose first batch is being sealed.
alter table blueprint add column version bigint not null default 1;
alter table blueprint add column used_version bigint not null default 1;
alter table blueprint add column releasing bigint not null default 0;
alter table blueprint add column papers_per_batch bigint not null default 200;
alter table blueprint add column seal_when_left bigint not null default 60;
alter table blueprint add column embargo_days bigint not null default 90;
alter table blueprint add column seen bigint not null default 1;
create table blueprint_version (
  blueprint_id text not null references blueprint(id), number bigint not null, content text not null, author text not null,
  made_ms bigint not null, reason text not null, released_by text not null default '', released_ms bigint,
  primary key (blueprint_id, number));
insert into blueprint_version(blueprint_id, number, content, author, made_ms, reason, released_by, released_ms)
  select id, 1, content, 'server', (select coalesce(min(at_ms), 0) from audit), '', 'server', (select coalesce(min(at_ms), 0) from audit)
  from blueprint;

-- Raised with every change of an item or a bank: what was worked out from the pool before may be out of date.
create table pool_edition (value bigint not null);
insert into pool_edition(value) values (1);

-- number is given when the batch is frozen, one after the other over the whole house; 0 = not frozen. seed and reveal are
-- encrypted; edition is the pool edition that the batch was last held against (of a failed one: that it failed with).
create table paper_batch (
  id text primary key, number bigint not null, blueprint_id text not null references blueprint(id), blueprint_version bigint not null,
  state text not null, papers bigint not null, unused bigint not null, used bigint not null, withdrawn bigint not null,
  stale bigint not null, reason text not null, made_by text not null, made_ms bigint not null, sealed_ms bigint, embargo_ms bigint,
  revealed_ms bigint, seed text not null, seed_commitment text not null, items_root text not null, papers_root text not null,
  freeze text not null, seal text not null, reveal text not null, figures text not null, problem text not null,
  audit text not null, job_id text not null, edition bigint not null, seen bigint not null);
create unique index paper_batch_number on paper_batch(number) where number > 0;
create index paper_batch_by_blueprint on paper_batch(blueprint_id, made_ms);
create index paper_batch_live on paper_batch(blueprint_id, number) where state in ('sealed', 'in_use');
-- The frozen items: these versions, in this order. digest covers all an item says, its key included; measured_* is what
-- statistics said about it at the freeze, in 1e-6.
create table paper_batch_item (
  batch_id text not null references paper_batch(id), place bigint not null, item_uid text not null references bank_item(uid),
  version bigint not null, digest text not null, measured_p bigint, measured_info bigint, primary key (batch_id, place));
-- One paper: its line of papers.jsonl, encrypted. Unused ones are numbered 0 .. unused-1 by place, without gaps, so that a
-- random one is found by its number; the index is what makes taking one twice impossible.
create table paper_slot (
  batch_id text not null references paper_batch(id), slot bigint not null, state text not null, place bigint not null,
  leaf text not null, line text not null, primary key (batch_id, slot));
create unique index paper_slot_unused on paper_slot(batch_id, place) where state = 'unused';
-- What happened to a batch. hash = SHA-256(entry); each entry names the hash before it.
create table paper_log (
  batch_id text not null references paper_batch(id), place bigint not null, at_ms bigint not null, event text not null,
  actor text not null, entry text not null, hash text not null, primary key (batch_id, place));

alter table sitting add column batch_id text not null default '';
alter table sitting add column slot bigint not null default -1;
alter table sitting add column leaf text not null default '';
alter table sitting add column take_hash text not null default '';
create unique index sitting_by_paper on sitting(batch_id, slot) where batch_id <> '';

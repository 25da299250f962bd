-- How long the item was on the kiosk's screen up to its last change; null = the kiosk did not say.
alter table response add column shown_ms bigint;

-- What sittings say about the items of a bank; blueprint_id '' = every exam. A run is filled in bites and counts once it is
-- ready; the one before goes then. `test` is TestStatistics of openapi.yaml, `content` ItemStatistics.
create table statistics_run (
  id text primary key, bank_id text not null references bank(id), blueprint_id text not null, state text not null,
  computed_ms bigint not null, sittings bigint not null, test text not null);
create unique index statistics_run_ready on statistics_run(bank_id, blueprint_id) where state = 'ready';
create table item_statistics (
  run_id text not null references statistics_run(id), item_uid text not null references bank_item(uid), ord bigint not null,
  flagged bigint not null, summary text not null, content text not null, primary key (run_id, item_uid));
create index item_statistics_shown on item_statistics(run_id, flagged, ord);
create table statistics_flag (
  run_id text not null references statistics_run(id), item_uid text not null references bank_item(uid), flag text not null,
  primary key (run_id, item_uid, flag));

-- What the list of items counts beside its filters: 50,000 items by five columns without reading the rows.
create index bank_item_counted on bank_item(bank_id, type, topic, state, level, difficulty);

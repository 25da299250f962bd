-- Points are hundredths from here on; whole points keep their values. The topics of a sitting stay as the wire has them.
alter table sitting rename column points to points_x100;
alter table sitting rename column points_max to points_max_x100;
update sitting set points_x100 = points_x100 * 100, points_max_x100 = points_max_x100 * 100 where finished_ms is not null;

-- Every grading there ever was. A row is never changed; sitting repeats the newest. `place` counts gradings of the whole
-- server, so that work in bites knows what came after it. regrade_id is empty for the grading at submission.
create table grading (
  sitting_id text not null references sitting(id), version bigint not null, place bigint not null unique, at_ms bigint not null,
  regrade_id text not null, points_x100 bigint not null, points_max_x100 bigint not null, passed bigint not null,
  topics text not null, primary key (sitting_id, version));
insert into grading(sitting_id, version, place, at_ms, regrade_id, points_x100, points_max_x100, passed, topics)
  select id, 1, row_number() over (order by finished_ms, id), finished_ms, '', points_x100, points_max_x100, passed, topics
  from sitting where finished_ms is not null;

-- A sitting may have had several certificates; at most one is in force.
create table certificate_kept (
  id text primary key, sitting_id text not null references sitting(id), candidate_id text not null references candidate(id),
  text text not null, salt text not null, issued_ms bigint not null, expires_ms bigint not null, revoked_ms bigint,
  revoked_why text not null default '', replaces text not null default '', replaced_by text not null default '');
insert into certificate_kept(id, sitting_id, candidate_id, text, salt, issued_ms, expires_ms)
  select id, sitting_id, candidate_id, text, salt, issued_ms, expires_ms from certificate;
drop table certificate;
alter table certificate_kept rename to certificate;
create index certificate_by_candidate on certificate(candidate_id);
create index certificate_by_sitting on certificate(sitting_id);
create unique index certificate_in_force on certificate(sitting_id) where revoked_ms is null;

-- The correction of a key. `covered` is the place of the last grading that the dry run has looked at.
create table regrade (
  id text primary key, place bigint not null unique, item_uid text not null references bank_item(uid), versions text not null,
  how text not null, answer_key text not null, reason text not null, state text not null, proposed_by text not null,
  proposed_ms bigint not null, applied_by text not null, applied_ms bigint, applied_place bigint not null,
  covered bigint not null, expected bigint not null, sittings bigint not null, changed bigint not null, up bigint not null,
  down bigint not null, now_passed bigint not null, now_failed bigint not null, job_id text not null, seen bigint not null,
  error text not null);
create unique index regrade_applied on regrade(applied_place) where state = 'applied';
-- One row for each finished sitting that showed the item; differs = 0 where nothing changes.
create table regrade_change (
  regrade_id text not null references regrade(id), sitting_id text not null references sitting(id), differs bigint not null,
  base_version bigint not null, points_before bigint not null, points_after bigint not null, max_after bigint not null,
  passed_before bigint not null, passed_after bigint not null, topics_after text not null, certificate_before text not null,
  certificate_after text not null, primary key (regrade_id, sitting_id));
create index regrade_change_shown on regrade_change(regrade_id, differs, sitting_id);

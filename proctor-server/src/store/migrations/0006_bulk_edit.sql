-- What a bulk edit is about to do, worked out in bites; one transaction then does it.
create table bulk_row (
  job_id text not null references job(id), uid text not null, base_version bigint not null, base_state text not null,
  topic text not null, difficulty bigint not null, level text not null, tags text not null, search_text text not null,
  primary key (job_id, uid));
create table bulk_tag (
  job_id text not null references job(id), uid text not null, tag text not null, primary key (job_id, uid, tag));

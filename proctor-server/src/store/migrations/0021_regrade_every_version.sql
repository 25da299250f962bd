-- A correction of every version means those too that are released before it is carried out.
alter table regrade add column every_version bigint not null default 0;

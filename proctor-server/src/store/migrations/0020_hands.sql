-- Who had a hand in what a version says, beside its author: whoever brought the file of an import or had it read in another way,
-- and everybody who mended the row. None of them releases it.
create table version_hand (
  item_uid text not null references bank_item(uid), number bigint not null, account_id text not null,
  primary key (item_uid, number, account_id));
create table import_hand (
  import_id text not null references import_draft(id), account_id text not null, primary key (import_id, account_id));
insert into import_hand(import_id, account_id)
  select distinct d.id, j.made_by from import_draft d join job j on j.subject = d.id where j.kind = 'import_read';
-- Of drafts that wait, who mended which row is not known of all: each mender counts for every mended row.
create table import_row_hand (
  import_id text not null references import_draft(id), place bigint not null, account_id text not null,
  primary key (import_id, place, account_id));
insert into import_row_hand(import_id, place, account_id)
  select r.import_id, r.place, f.account_id from import_row r join import_fixer f on f.import_id = r.import_id where r.fixed = 1;
drop table import_fixer;

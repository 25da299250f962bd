-- Who mended a row of an import draft is the author of what became of it, and cannot release it alone; `seen` counts the
-- changes of a row, so that two editors of one row do not overwrite each other.
alter table import_row add column fixed_by text not null default '';
alter table import_row add column seen bigint not null default 1;
create table import_fixer (
  import_id text not null references import_draft(id), account_id text not null, primary key (import_id, account_id));

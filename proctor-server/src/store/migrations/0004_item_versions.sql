-- Items by version. A row of item_version is never changed: an edit is another row. bank_item says what state the newest
-- version is in, which version papers are drawn with (released_version, 0 = none) and repeats what lists are filtered by.
create table bank_item (
  uid text primary key, bank_id text not null references bank(id), item_id text not null, ord bigint not null,
  state text not null, version bigint not null, released_version bigint not null, approved_version bigint not null,
  type text not null, topic text not null, difficulty bigint not null, level text not null, title text not null,
  excerpt text not null, tags text not null, search_text text not null, search_edition bigint not null,
  changed_ms bigint not null, changed_by text not null, unique (bank_id, item_id));
create table item_version (
  item_uid text not null references bank_item(uid), number bigint not null, type text not null, markup text not null,
  title text not null, topic text not null, difficulty bigint not null, stem text not null, stimulus text not null,
  stimulus_version bigint not null, options text not null, option_notes text not null, answer_key text not null,
  answers text not null, explanation text not null, source text not null, fixed_order bigint not null,
  level text not null, tags text not null, enemies text not null, author text not null, made_ms bigint not null,
  reason text not null, primary key (item_uid, number));
create table item_event (
  item_uid text not null references bank_item(uid), place bigint not null, at_ms bigint not null, actor text not null,
  move text not null, from_state text not null, to_state text not null, version bigint not null, reason text not null,
  primary key (item_uid, place));
create table item_tag (item_uid text not null references bank_item(uid), tag text not null, primary key (item_uid, tag));
create index item_by_tag on item_tag(tag, item_uid);
create table item_flag (item_uid text not null references bank_item(uid), flag text not null, primary key (item_uid, flag));
create index item_by_flag on item_flag(flag, item_uid);
create table stimulus (
  bank_id text not null references bank(id), stimulus_id text not null, version bigint not null, markup text not null,
  text text not null, author text not null, made_ms bigint not null, reason text not null,
  primary key (bank_id, stimulus_id, version));
create table media (
  name text primary key, content_type text not null, size bigint not null, base64 text not null, added_ms bigint not null,
  added_by text not null);

-- What was there is version 1, released by import. Its search text is made when the server starts (edition 0).
insert into bank_item(uid, bank_id, item_id, ord, state, version, released_version, approved_version, type, topic, difficulty,
                      level, title, excerpt, tags, search_text, search_edition, changed_ms, changed_by)
  select 'm' || cast(row_number() over (order by item.bank_id, item.ord, item.item_id) as text), item.bank_id, item.item_id, item.ord,
         'released', 1, 1, 1, item.type, item.topic, item.difficulty, 'unstated', '', substr(item.stem, 1, 240), '[]', '', 0,
         bank.imported_ms, 'import'
  from item join bank on bank.id = item.bank_id;
insert into item_version(item_uid, number, type, markup, title, topic, difficulty, stem, stimulus, stimulus_version, options,
                         option_notes, answer_key, answers, explanation, source, fixed_order, level, tags, enemies, author,
                         made_ms, reason)
  select bank_item.uid, 1, item.type, 'plain', '', item.topic, item.difficulty, item.stem, '', 0, item.options, '[]',
         item.answer_key, '[]', item.explanation, item.source, item.fixed_order, 'unstated', '[]', '[]', 'import',
         bank_item.changed_ms, 'import'
  from item join bank_item on bank_item.bank_id = item.bank_id and bank_item.item_id = item.item_id;
insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason)
  select uid, 1, changed_ms, 'import', 'imported', '', 'released', 1, '' from bank_item;
drop table item;
create unique index bank_item_by_place on bank_item(bank_id, ord);
create index bank_item_drawn on bank_item(bank_id, ord) where released_version > 0;
create index bank_item_old_search on bank_item(search_edition);

-- An import finds the questions that its bank holds already: equal stems have equal excerpts. The bank comes second, so that
-- nothing that reads a bank as a whole takes this way through it.
create index bank_item_by_excerpt on bank_item(excerpt, bank_id);

-- "Mine" asks for each item whether somebody has a version that waits; the author stands beside the number, the rows are long.
create index item_version_by_author on item_version(item_uid, number, author);

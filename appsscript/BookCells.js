/**
 * How the book writes cells by the ids of their rows while people sort, insert and delete rows.
 */

/**
 * The cells to be written into a row, by their places in it: what `setValues` gets.
 *
 * @typedef {Map<number, any>} RowCells
 */

/**
 * Changes of cells with the stamps that go with them; what is computed is left alone.
 *
 * @param {Found} here
 * @param {string} key
 * @param {string} idColumn
 * @param {Change[]} changes
 * @param {Config} config
 * @param {BookClock} clock
 * @param {() => void} flush
 * @returns {string[]} ids that are gone
 */
function writeChanges_(here, key, idColumn, changes, config, clock, flush) {
  const { layout } = here;
  /** @type {Map<string, RowCells>} */
  const wanted = new Map();
  for (const change of [...stampsOf(config, key, changes, clock.now()), ...changes]) {
    const column = typedColumn(layout, change.column);
    const place = layout.columns[column];
    const cells = wanted.get(text(change.id)) ?? new Map();
    wanted.set(text(change.id), cells);
    if (place === undefined) continue;
    const entry = normalEntry(config, layout, { [change.column]: change.value }, column);
    cells.set(place, written(column, layout.types[column], entry, config));
  }
  const there = writeById(here, idColumn, wanted, config, flush);
  return [...new Set(changes.map((change) => text(change.id)))].filter((id) => !there.has(id));
}

/**
 * Writes cells by the ids of their rows. Rows that moved between the look and the flush get what is theirs, and what
 * was written over in others in the meantime is put back.
 *
 * @param {Found} here
 * @param {string} idColumn
 * @param {Map<string, RowCells>} wanted by id
 * @param {Config} config
 * @param {() => void} flush
 * @returns {Set<string>} the ids that are there
 */
function writeById(here, idColumn, wanted, config, flush) {
  const cells = new Map([...wanted].map(([id, own]) => [id, new Map(own)]));
  /** @type {string[]} */
  let now = [];
  for (let time = 0; time < MOST_TRIES; time += 1) {
    const places = new Set([...cells.values()].flatMap((own) => [...own.keys()]));
    const before = span_(here, idColumn, places);
    const ids = before.map(({ id }) => id);
    now = ids;
    const first = here.layout.header + 1;
    const blocks = [...firstOf_(ids)].flatMap(([id, number]) =>
      [...(cells.get(id) ?? [])].map(([place, value]) => ({ row: first + number, place, value, asText: false })),
    );
    if (blocks.length === 0) break;
    writeBlocks(here.grid, blocksOf(blocks, null));
    flush();
    now = columnIds_(here, idColumn);
    if (blocks.every(({ row }) => now[row - first] === ids[row - first])) break;
    const after = span_(here, idColumn, places);
    putRight_(here, before, after, cells, config);
    clearStrays_(here, blocks, after);
  }
  return new Set(now);
}

/**
 * Adds to what is to be written what other rows held before something was written over it.
 *
 * @param {Found} here
 * @param {SpanRow[]} before
 * @param {SpanRow[]} after
 * @param {Map<string, RowCells>} cells changed
 * @param {Config} config
 */
function putRight_({ layout }, before, after, cells, config) {
  const places = [...new Set([...cells.values()].flatMap((own) => [...own.keys()]))];
  const columns = new Map(Object.keys(layout.types).map((column) => [layout.columns[column], column]));
  const now = firstOf_(after.map(({ id }) => id));
  for (const [id, number] of firstOf_(before.map((row) => row.id))) {
    const there = now.get(id);
    if (there === undefined) continue;
    for (const place of places) {
      const own = cells.get(id) ?? new Map();
      const value = before[number].values.get(place);
      if (own.has(place) || isSame_(value, after[there].values.get(place))) continue;
      const column = columns.get(place) ?? '';
      own.set(place, written(column, layout.types[column], value, config));
      cells.set(id, own);
    }
  }
}

/**
 * Empties again what was written into rows without an id: they stand where others stood.
 *
 * @param {Found} here
 * @param {Cell[]} cells as they were written
 * @param {SpanRow[]} after
 */
function clearStrays_({ grid, layout }, cells, after) {
  const strays = cells.filter(({ row, place, value }) => {
    const there = after[row - layout.header - 1];
    return there?.id === '' && meant_(there.values.get(place)) === meant_(value);
  });
  writeBlocks(grid, blocksOf(strays.map((one) => ({ ...one, value: '' })), null));
}

/**
 * @param {any} value
 * @returns {string} a cell's value as it is read or written
 */
function meant_(value) {
  return text(value).replace(/^'/, '');
}

/**
 * A row as far as it was read: its id, and what stands in some places.
 *
 * @typedef {{id: string, values: Map<number, any>}} SpanRow
 */

/**
 * The rows of a table as far as some columns go, with their ids: in one call, so that they fit together.
 *
 * @param {Found} here
 * @param {string} idColumn
 * @param {Set<number>} places
 * @returns {SpanRow[]}
 */
function span_({ grid, layout }, idColumn, places) {
  const own = layout.columns[idColumn];
  const count = grid.rows() - layout.header;
  if (own === undefined || count < 1) return [];
  const left = Math.min(own, ...places);
  const width = Math.max(own, ...places) - left + 1;
  return grid.values(layout.header + 1, left + 1, count, width).map((row) => {
    return { id: text(row[own - left]), values: new Map([...places].map((place) => [place, row[place - left]])) };
  });
}

/**
 * @param {string[]} ids
 * @returns {Map<string, number>} where each stands first
 */
function firstOf_(ids) {
  /** @type {Map<string, number>} */
  const found = new Map();
  ids.forEach((id, number) => {
    if (id && !found.has(id)) found.set(id, number);
  });
  return found;
}

/**
 * @param {any} one
 * @param {any} two
 * @returns {boolean} whether two cells hold the same
 */
function isSame_(one, two) {
  return one instanceof Date && two instanceof Date ? one.getTime() === two.getTime() : one === two;
}

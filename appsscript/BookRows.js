/**
 * How the book appends, writes and deletes rows while people insert, sort and delete others: what a write met that it
 * was not meant for is put back.
 *
 * Rows have numbers, and what is written goes out at the flush: between the last look and the flush they may stand
 * elsewhere. No call of Google's takes rows by what stands in them, so each change is looked at again when it is made.
 */

/** So many empty rows stay below the last one when a sheet grows. */
const SPARE_ROWS = 50;
/** So many times a change is made again where rows moved meanwhile. */
const MOST_TRIES = 3;

/**
 * Appends records, each one's missing ids and stamps filled in. Where rows moved down meanwhile and were written over,
 * they are written again below.
 *
 * @param {Found} here
 * @param {Table | null} table as it was read last
 * @param {Entries[]} records
 * @param {Config} config
 * @param {BookClock} clock
 * @param {() => void} flush
 * @returns {string[]} ids
 */
function appendSafely_(here, table, records, config, clock, flush) {
  const { layout } = here;
  const blank = { key: here.grid.key, ...layout, rows: table?.rows ?? [], first: layout.header + 1 };
  const whole = completed(config, blank, records, clock);
  const above = appendRows_(here, blank, whole, config, flush);
  const own = identityColumn_(layout);
  const named = own ? whole.filter((record) => text(record[own])) : [];
  if (areThere_(here, above, named)) return whole.map((record) => text(record.id));
  // Something that stood above, or is new, is not where it was: a look at all of it says whether it is anywhere.
  const now = here.grid.all().slice(layout.header);
  const there = new Set(now.map((row) => identity_(layout, row)));
  const lost = above.rows.filter((row) => !there.has(identity_(layout, row))).map((row) => recordOf_(layout, row));
  const mine = named.filter((record) => !there.has(text(record[own])));
  if (lost.length + mine.length) appendRows_(here, { ...blank, rows: now }, [...lost, ...mine], config, flush);
  if (!lost.length || !own) return whole.map((record) => text(record.id));
  // A new row that was written over another one still holds what it says nothing about.
  const silent = (/** @type {Entries} */ record) => Object.keys(layout.types).filter((column) => !(column in record));
  /** @type {Map<string, RowCells>} */
  const emptied = new Map();
  for (const record of named) {
    emptied.set(text(record[own]), new Map(silent(record).map((one) => [layout.columns[one], ''])));
  }
  writeById(here, own, emptied, config, flush);
  return whole.map((record) => text(record.id));
}

/**
 * @param {Found} here
 * @param {Table} table as it was read last
 * @param {Entries[]} whole
 * @param {Config} config
 * @param {() => void} flush
 * @returns {Above} the last rows before the new ones
 */
function appendRows_(here, table, whole, config, flush) {
  const { grid, layout } = here;
  const above = freeRow_(here, table, whole.length);
  const columns = [...new Set(whole.flatMap((record) => Object.keys(record)))];
  const cellsOf = (/** @type {boolean} */ certain) =>
    columns.flatMap((column) =>
      whole.map((record, number) => {
        const type = layout.types[column];
        const taken = !certain || isAccepted(config, grid.key, column, type, record[column]);
        const value = taken ? written(column, type, record[column], config) : '';
        return { row: above.free + number, place: layout.columns[column], value, asText: false };
      }),
    );
  try {
    writeBlocks(grid, blocksOf(cellsOf(false), null));
    flush();
  } catch (_refused) {
    // A sheet says so only now: with what its rules do not accept a row cannot be written at all.
    writeBlocks(grid, blocksOf(cellsOf(true), null));
    flush();
  }
  return above;
}

/**
 * The last rows of a table: `first` is the number of rows[0], `free` the one after the last.
 *
 * @typedef {{first: number, rows: any[][], free: number}} Above
 */

/**
 * The row below the last one in which anything is typed: looked up at once, as people type meanwhile. The sheet grows
 * where there is no room.
 *
 * @param {Found} here
 * @param {Table} table as it was read last
 * @param {number} count of rows that are needed
 * @returns {Above} as many of the rows above as there are new ones, and some
 */
function freeRow_({ grid, layout }, table, count) {
  const rows = grid.rows();
  const top = layout.header + 1;
  const last = Math.min(table.first + table.rows.length, rows + 1);
  const first = Math.max(top, last - count - 5);
  const near = first <= rows ? grid.values(first, 1, rows - first + 1, layout.width) : [];
  let length = near.length;
  while (length && !isTyped(layout, near[length - 1])) length -= 1;
  const free = Math.max(first + length, last);
  const missing = free + count - 1 - rows;
  // Before the last row, where it is empty: what ends with the sheet (names, rules) then goes on to its new end.
  if (missing > 0 && free <= rows) grid.addBefore(rows, missing + SPARE_ROWS);
  else if (missing > 0) grid.addAfter(rows, missing + SPARE_ROWS);
  return { first, rows: near.slice(0, free - first), free };
}

/**
 * Whether the rows above are there still, and the new ones below them. Two calls.
 *
 * @param {Found} here
 * @param {Above} above
 * @param {Entries[]} named new records that a column names
 * @returns {boolean}
 */
function areThere_({ grid, layout }, above, named) {
  const own = identityColumn_(layout);
  const count = Math.min(above.rows.length + Math.max(named.length, 1), grid.rows() - above.first + 1);
  if (count < 1) return false;
  const now = grid.values(above.first, 1, count, layout.width).map((row) => identity_(layout, row));
  const there = new Set(now);
  return (
    above.rows.every((row) => !isTyped(layout, row) || there.has(identity_(layout, row))) &&
    named.every((record) => there.has(text(record[own])))
  );
}

/**
 * @param {Layout} layout
 * @returns {string} the column that names a row; "" where there is none
 */
function identityColumn_(layout) {
  return ['id', 'key'].find((column) => column in layout.types && layout.columns[column] !== undefined) ?? '';
}

/**
 * @param {Layout} layout
 * @param {any[]} row
 * @returns {string} what a row is known by: its id, or all that is typed in it
 */
function identity_(layout, row) {
  const own = identityColumn_(layout);
  const id = own && text(row[layout.columns[own]]);
  return id || JSON.stringify(Object.keys(layout.types).map((column) => row[layout.columns[column]] ?? ''));
}

/**
 * @param {Layout} layout
 * @param {any[]} row
 * @returns {Entries} what was typed into a row, to be written once more
 */
function recordOf_(layout, row) {
  const typed = Object.keys(layout.types).filter((column) => (row[layout.columns[column]] ?? '') !== '');
  return Object.fromEntries(typed.map((column) => [column, row[layout.columns[column]]]));
}

/**
 * @param {Grid} grid
 * @param {Block[]} blocks
 */
function writeBlocks(grid, blocks) {
  for (const block of blocks) grid.write(block.row, block.place + 1, block.values, block.asText);
}

/**
 * Deletes rows by their ids. Others that were deleted in their stead, as they moved there meanwhile, are written again.
 *
 * @param {Found} here
 * @param {string} idColumn
 * @param {string[]} ids
 * @param {Config} config
 * @param {BookClock} clock
 * @param {() => void} flush
 */
function removeRows_(here, idColumn, ids, config, clock, flush) {
  const { grid, layout } = here;
  const place = layout.columns[idColumn];
  if (place === undefined) return;
  const idOf = (/** @type {any[]} */ row) => text(row[place]);
  const doomed = new Set(ids.map(text).filter(Boolean));
  for (let time = 0; time < MOST_TRIES && doomed.size; time += 1) {
    const before = grid.all().slice(layout.header); // the only copy of what may be deleted by mistake
    const numbers = rowNumbers_(before.map(idOf), doomed, layout.header + 1);
    if (numbers.length === 0) return;
    const going = new Set(numbers);
    const kept = before.filter((row, number) => !going.has(layout.header + 1 + number) && isTyped(layout, row));
    const size = grid.rows();
    // A sheet keeps at least one row that scrolls.
    const spare = numbers.length >= size - layout.header ? SPARE_ROWS : 0;
    if (spare) grid.addAfter(size, spare);
    deleteRows_(grid, numbers);
    flush();
    // Where just as many rows are gone, and no other one's id, they were the ones.
    const now = columnIds_(here, idColumn);
    const unnamed = now.length !== size + spare - numbers.length - layout.header;
    if (unnamed || lacking_(kept.map(idOf).filter(Boolean), now).length) putBack_(here, kept, config, flush);
    const times = timesOf_(before.map(idOf));
    const left = timesOf_(now);
    for (const id of [...doomed]) if ((left.get(id) ?? 0) < (times.get(id) ?? 1)) doomed.delete(id);
  }
}

/**
 * @param {string[]} texts
 * @returns {Map<string, number>} how often each is there
 */
function timesOf_(texts) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const one of texts) times.set(one, (times.get(one) ?? 0) + 1);
  return times;
}

/**
 * @param {string[]} wanted
 * @param {string[]} there
 * @returns {number[]} the places in `wanted` of what is not there, or not as often
 */
function lacking_(wanted, there) {
  const times = timesOf_(there);
  return wanted.flatMap((one, place) => {
    const left = times.get(one) ?? 0;
    times.set(one, left - 1);
    return left < 1 ? [place] : [];
  });
}

/**
 * @param {string[]} ids of all rows
 * @param {Set<string>} wanted
 * @param {number} first number of the first row
 * @returns {number[]} of their rows, each one's first, from the last to the first
 */
function rowNumbers_(ids, wanted, first) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  ids.forEach((id, number) => {
    if (wanted.has(id) && !numbers.has(id)) numbers.set(id, first + number);
  });
  return [...numbers.values()].sort((one, two) => two - one);
}

/**
 * @param {Grid} grid
 * @param {number[]} numbers from the last to the first
 */
function deleteRows_(grid, numbers) {
  const left = [...numbers];
  while (left.length) {
    const last = Number(left.shift());
    let first = last;
    while (left[0] === first - 1) first = Number(left.shift());
    grid.remove(first, last - first + 1);
  }
}

/**
 * Writes rows again that are nowhere any more.
 *
 * @param {Found} here
 * @param {any[][]} kept rows as they were read
 * @param {Config} config
 * @param {() => void} flush
 */
function putBack_(here, kept, config, flush) {
  const { grid, layout } = here;
  const now = grid.all().slice(layout.header);
  const named = (/** @type {any[][]} */ rows) => rows.map((row) => identity_(layout, row));
  const lost = lacking_(named(kept), named(now)).map((place) => kept[place]);
  if (lost.length === 0) return;
  const table = { key: grid.key, ...layout, rows: now, first: layout.header + 1 };
  appendRows_(here, table, lost.map((row) => recordOf_(layout, row)), config, flush);
}

/**
 * The ids of all rows below the header, empty ones included. One call, and one for the number of rows.
 *
 * @param {Found} here
 * @param {string} idColumn
 * @returns {string[]}
 */
function columnIds_({ grid, layout }, idColumn) {
  const place = layout.columns[idColumn];
  const count = grid.rows() - layout.header;
  if (place === undefined || count < 1) return [];
  return grid.values(layout.header + 1, place + 1, count, 1).map(([value]) => text(value));
}

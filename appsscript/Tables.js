/**
 * A table as its rows were read, and the book of all tables: the only door to what people typed.
 */

/**
 * What a cell holds, as it is read: text, number, boolean or a moment; "" for nothing.
 *
 * @typedef {string | number | boolean | Date} Value
 */

/**
 * A day: whole days since 1899-12-30, as a sheet counts them.
 *
 * @typedef {number} Day
 */

/**
 * What can be written into a cell. Text stays text, whatever it looks like. `{day}` is a date; a Date a moment.
 *
 * @typedef {string | number | boolean | Date | {day: Day} | null | undefined} Entry
 */

/**
 * @typedef {Record<string, Entry>} Entries what is written into a row, by the keys of columns
 */

/**
 * A table as it was read.
 *
 * @typedef {object} Table
 * @property {string} key
 * @property {Record<string, number>} columns where each column that is there stands in a row, by key
 * @property {Record<string, string>} types the type of each column that is typed into, by key
 * @property {any[][]} rows below the header; up to the last one in which anything was typed
 * @property {number} first the sheet's number of rows[0], from 1
 * @property {any[]} [head] the row taken for the header: where people deleted the header it is a row of theirs
 */

/**
 * A change of a cell, by the id of its row.
 *
 * @typedef {{id: string, column: string, value: Entry}} Change
 */

/**
 * All tables of the spreadsheet.
 *
 * @typedef {object} Book
 * @property {(key: string) => Table | null} table read once until it is written to; null where its sheet is gone
 * @property {(key: string, records: Entries[]) => string[]} append below the last row; answers the ids of the new rows
 *   (ids, stamps and usual choices that a record does not bring are filled in; a missing sheet is an error)
 * @property {(key: string, idColumn: string, changes: Change[]) => string[]} write finds the rows again by what stands
 *   in `idColumn` now, as people sort and delete meanwhile; answers the ids that are gone
 * @property {(key: string, idColumn: string, ids: string[]) => void} remove deletes rows, found in the same way
 * @property {() => Record<string, any>} settings the values of the table of settings by their keys; choices as keys
 * @property {() => void} flush what was written is in the sheet for good
 * @property {() => string} id of the spreadsheet
 * @property {(key?: string) => void} fresh forgets what was read, of one table or of all
 * @property {(sheet: GoogleAppsScript.Spreadsheet.Sheet) => Grid | null} grid a sheet of ours; null for any other
 * @property {(key: string) => Grid | null} find the same by the key of its table
 */

/**
 * What a cell of a row holds; "" where the column is not there.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {string} column
 * @returns {any}
 */
function cell(table, row, column) {
  const place = table.columns[column];
  return place === undefined ? '' : row[place] ?? '';
}

/**
 * @param {Table} table
 * @param {string} column
 * @returns {boolean} whether the column is there
 */
function has(table, column) {
  return table.columns[column] !== undefined;
}

/**
 * A value as text without spaces around it.
 *
 * @param {any} value
 * @returns {string}
 */
function text(value) {
  return value instanceof Date ? isoText(dayOfMoment(value)) : String(value ?? '').trim();
}

/**
 * The day that a cell names, be it a date, the number of one or its text as 2026-11-23; null for none.
 *
 * @param {any} value
 * @returns {Day | null}
 */
function dayOf(value) {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : dayOfMoment(value);
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? Math.floor(value) : null;
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]|$)/.exec(text(value));
  return found ? gregorianDay(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

/**
 * The rows by what stands in a column; of two with the same the first.
 *
 * @param {Table} table
 * @param {string} [column] `id` where nothing is said
 * @returns {Map<string, any[]>}
 */
function byId(table, column = 'id') {
  /** @type {Map<string, any[]>} */
  const found = new Map();
  for (const row of table.rows) {
    const id = text(cell(table, row, column));
    if (id && !found.has(id)) found.set(id, row);
  }
  return found;
}

/**
 * The column that people type a column's value into: the one of the CRM's calendar where there is one.
 *
 * @param {{types: Record<string, string>}} table
 * @param {string} column
 * @returns {string} "" where nobody types it
 */
function typedColumn(table, column) {
  if (column in table.types) return column;
  return column + JALALI_SUFFIX in table.types ? column + JALALI_SUFFIX : '';
}

/**
 * Whether anything was typed into a row: boxes that are not ticked are nothing.
 *
 * @param {{columns: Record<string, number>, types: Record<string, string>}} table
 * @param {any[]} row
 * @returns {boolean}
 */
function isTyped(table, row) {
  for (const column in table.types) {
    const place = table.columns[column];
    if (place === undefined) continue;
    const value = row[place];
    if (value !== '' && value !== false && value !== null && value !== undefined) return true;
  }
  return false;
}

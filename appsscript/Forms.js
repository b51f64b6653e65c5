/**
 * The forms of the pages: which columns of which table each asks for, and what is wrong with what somebody filled in.
 */

/**
 * One field of a form.
 *
 * @typedef {object} Field
 * @property {string} name the key of the column
 * @property {string} label
 * @property {string} kind text, long_text, email, phone, url, number, checkbox, choice, date, person
 * @property {boolean} [needed]
 * @property {string[]} [options] titles to choose from
 * @property {string} [hint]
 * @property {any} [value]
 * @property {number} [least]
 * @property {number} [most]
 */

/**
 * The forms by their names. Labels are the headers of the columns, so that people read what they named them. Columns that
 * are in neither list are those of crm.toml: they come after the others.
 *
 * @type {Record<string, {table: string, fields: string[], needed: string[], without: string[]}>}
 */
const FORMS = {
  lead: {
    table: 'leads',
    fields: [
      'name',
      'company',
      'email',
      'phone',
      'source',
      'interest',
      'next_action',
      'next_action_date',
      'owner',
      'notes',
    ],
    needed: ['name'],
    without: ['contact_date', 'status', 'customer', 'replied_on'],
  },
  interaction: {
    table: 'interactions',
    fields: ['customer', 'type', 'date', 'details', 'next_action', 'next_action_date', 'owner'],
    needed: ['customer'],
    without: [],
  },
  task: {
    table: 'tasks',
    fields: ['title', 'customer', 'due', 'assignee', 'priority', 'description'],
    needed: ['title'],
    without: ['done', 'status'],
  },
};

/** The kind of field for each type of column; types that are not here are not asked for: ids, stamps, references. */
const FIELD_KINDS = /** @type {Record<string, string>} */ ({
  text: 'text',
  name: 'text',
  title: 'text',
  long_text: 'long_text',
  email: 'email',
  phone: 'phone',
  url: 'url',
  date: 'date',
  money: 'number',
  number: 'number',
  decimal: 'number',
  integer: 'number',
  percent: 'number',
  score: 'number',
  checkbox: 'checkbox',
  choice: 'choice',
});

/** The most that a field takes; a cell of a sheet takes 50,000 characters and refuses the row otherwise. */
const FIELD_LENGTHS = /** @type {Record<string, number>} */ ({
  long_text: 10000,
  email: 254,
  phone: 60,
  url: 2000,
  text: 500,
});

/**
 * The fields of a form, from the columns that are there.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {string} form a key of FORMS
 * @param {Record<string, any>} values what is filled in already, by field
 * @returns {Field[]} none where the sheet is gone
 */
function formFields(config, book, form, values) {
  const plan = FORMS[form];
  const table = book.table(plan.table);
  if (!table) return [];
  const titles = columnTitles(book, plan.table);
  const keys = [...new Set(Object.keys(table.types).map(plainKey))];
  const own = keys.filter((key) => !plan.fields.includes(key) && !plan.without.includes(key));
  return [...plan.fields, ...own].flatMap((key) => {
    const field = columnField_(config, book, table, titles, key);
    return field ? [{ ...field, needed: plan.needed.includes(key), value: values[key] }] : [];
  });
}

/**
 * The key of a column without the ending of its calendar: people type into the one, formulas go by the other.
 *
 * @param {string} key
 * @returns {string}
 */
function plainKey(key) {
  return key.endsWith(JALALI_SUFFIX) ? key.slice(0, -JALALI_SUFFIX.length) : key;
}

/**
 * How people call the columns of a table: what stands in its header.
 *
 * @param {Book} book
 * @param {string} key
 * @returns {Record<string, string>}
 */
function columnTitles(book, key) {
  const [grid, table] = [book.find(key), book.table(key)];
  if (!grid || !table) return {};
  const places = Object.entries(table.columns);
  const width = Math.max(0, ...places.map(([, place]) => place + 1));
  const [cells] = width ? grid.values(table.first - 1, 1, 1, width) : [[]];
  return Object.fromEntries(places.map(([column, place]) => [column, tamed(cells[place]).trim()]));
}

/**
 * @param {Config} config
 * @param {Book} book
 * @param {Table} table
 * @param {Record<string, string>} titles
 * @param {string} key
 * @returns {Field | null} null for a column that is gone, or of a type that no form asks for
 */
function columnField_(config, book, table, titles, key) {
  const place = typedColumn(table, key);
  const type = table.types[place];
  if (!place || !has(table, place)) return null;
  const kind = type === 'reference' && key === 'customer' ? 'person' : place === key ? FIELD_KINDS[type] : 'date';
  if (!kind) return null;
  const label = titles[place] || key;
  const field = { name: key, label, kind };
  if (kind === 'choice') {
    const options = choiceOptions(config, book, table, key);
    return options.length ? { ...field, options } : null;
  }
  if (type === 'score') return { ...field, least: 1, most: 5 };
  if (type === 'percent') return { ...field, least: 0, most: 100, hint: '%' };
  if (['money', 'integer'].includes(type)) return { ...field, least: 0 };
  return field;
}

/**
 * What a column's dropdown offers: the choices of its list, those that people added to it in the sheet included. A field of
 * crm.toml has choices that no list holds; what its rows say is offered then.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {Table} table
 * @param {string} key
 * @returns {string[]} titles
 */
function choiceOptions(config, book, table, key) {
  const list = sheetConfig(config, table.key)?.lists[key] ?? '';
  const sheet = list ? book.table('lists') : null;
  const inSheet = sheet && list && list in sheet.columns ? sheet : null;
  const [from, column] = inSheet && list ? [inSheet, list] : [table, key];
  const found = [...new Set(from.rows.map((row) => text(cell(from, row, column))).filter(Boolean))];
  if (found.length || !list) return found.slice(0, 200);
  return Object.values(choicesOf(config, list));
}

/**
 * What somebody filled in, as values of a record, or what is wrong with it by field.
 *
 * @param {Config} config
 * @param {Field[]} fields
 * @param {Record<string, unknown>} filledIn
 * @param {(text: string) => string | null} person the reference that a text means
 * @returns {{values: Record<string, any>, errors: Record<string, string>}}
 */
function readForm(config, fields, filledIn, person) {
  /** @type {Record<string, any>} */
  const values = {};
  /** @type {Record<string, string>} */
  const errors = {};
  for (const field of fields) {
    const raw = Object.prototype.hasOwnProperty.call(filledIn, field.name) ? filledIn[field.name] : '';
    const { value, error } = readField_(config, field, raw, person);
    if (error) errors[field.name] = error;
    else if (value !== '') values[field.name] = value;
    else if (field.needed) errors[field.name] = config.words.form.needed;
  }
  return { values, errors };
}

/**
 * @param {Config} config
 * @param {Field} field
 * @param {unknown} raw
 * @param {(text: string) => string | null} person
 * @returns {{value: any, error: string}}
 */
function readField_(config, field, raw, person) {
  const words = config.words.form;
  if (field.kind === 'checkbox') return { value: raw === true, error: '' };
  const text = tamed(raw).trim();
  const longest = FIELD_LENGTHS[field.kind] ?? FIELD_LENGTHS.text;
  if (!text) return { value: '', error: '' };
  if (text.length > longest) return wrong_(filled(words.too_long, numberText(longest, config.digits)));
  if (field.kind === 'email') return isAddress(addressKey(text)) ? right_(normalEmail(text)) : wrong_(words.no_email);
  if (field.kind === 'phone')
    return latinDigits(text).replace(/\D/g, '').length > 2 ? right_(normalPhone(text)) : wrong_(words.no_phone);
  if (field.kind === 'choice') return (field.options ?? []).includes(text) ? right_(text) : wrong_(words.no_choice);
  if (field.kind === 'date') {
    const day = meantDay(text);
    return day === null ? wrong_(filled(words.no_date, dateExample_(config))) : right_({ day });
  }
  if (field.kind === 'number') return readNumber_(config, field, text);
  if (field.kind === 'person') {
    const found = person(text);
    return found ? right_(found) : wrong_(words.no_person);
  }
  return right_(text);
}

/**
 * @param {Config} config
 * @param {Field} field
 * @param {string} text
 * @returns {{value: any, error: string}}
 */
function readNumber_(config, field, text) {
  const words = config.words.form;
  const number = writtenNumber(text.replace(/[%\u066a]/g, ''));
  if (number === null) return wrong_(words.no_number);
  const { least = -Infinity, most = Infinity } = field;
  if (number < least || number > most) {
    const ends = [least, most].map((end) => numberText(end, config.digits));
    return wrong_(most === Infinity ? filled(words.too_small, ends[0]) : filled(words.not_between, ...ends));
  }
  return right_(field.hint === '%' ? number / 100 : number);
}

/**
 * @param {any} value
 * @returns {{value: any, error: string}}
 */
function right_(value) {
  return { value, error: '' };
}

/**
 * @param {string} error
 * @returns {{value: any, error: string}}
 */
function wrong_(error) {
  return { value: '', error };
}

/**
 * @param {Config} config
 * @returns {string} a date as people type it
 */
function dateExample_(config) {
  return config.calendar === 'jalali' ? jalaliText(46347, config.digits) : '2026-10-31';
}

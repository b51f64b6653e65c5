/**
 * People: who is meant by a text, who is found by one, and all that happened with a customer.
 */

/**
 * What a search found: a row of a table.
 *
 * @typedef {object} FoundRow
 * @property {string} table
 * @property {string} id
 * @property {string} name what the row is called
 * @property {string} reach e-mail and phone
 * @property {string} state its status
 * @property {string} about what else was found in it
 * @property {number} rank the smaller the better
 */

/**
 * Something that happened with a customer, or will.
 *
 * @typedef {object} Happening
 * @property {string} kind the key of its table
 * @property {string} id
 * @property {number | null} day null where nobody dated it
 * @property {string} title
 * @property {string} text
 * @property {string} state
 * @property {boolean} ahead it is still to be done
 */

/** The tables of people, and what of a row is searched in all others. */
const PEOPLE = ['customers', 'leads'];
const SEARCHED = ['id', 'name', 'title', 'company', 'email', 'phone', 'customer', 'subject'];

/**
 * The text by which a row refers to a customer, as the dropdowns offer it.
 *
 * @param {string} name
 * @param {string} id
 * @returns {string}
 */
function referenceTo(name, id) {
  return `${name} \u00b7 ${id}`;
}

/**
 * The id in a reference; "" where it has none.
 *
 * @param {Config} config
 * @param {any} reference
 * @returns {string}
 */
function referredId(config, reference) {
  const found = / \u00b7 ([A-Z]+-[0-9A-Z]+)$/.exec(text(reference));
  return found && found[1].startsWith(`${sheetConfig(config, 'customers')?.prefix}-`) ? found[1] : '';
}

/**
 * Whom references mean: by the id in them, otherwise by a name that just one customer has.
 *
 * @param {Config} config
 * @param {Table} customers
 * @returns {(reference: any) => string} the id; "" for nobody
 */
function customersByReference(config, customers) {
  const ids = byId(customers);
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const [id, row] of ids) {
    const name = folded(cell(customers, row, 'name'));
    if (name) names.set(name, names.has(name) ? '' : id);
  }
  return (reference) => {
    const id = referredId(config, reference) || text(reference);
    return ids.has(id) ? id : (names.get(folded(reference)) ?? '');
  };
}

/**
 * The rows of all tables that a text finds: whole ids and beginnings of names first, people before all else.
 *
 * @param {Config} config
 * @param {Table[]} tables
 * @param {string} query
 * @param {number} most rows
 * @returns {{found: FoundRow[], more: number}}
 */
function foundRows(config, tables, query, most) {
  const wanted = folded(tamed(query)).slice(0, 200);
  const digits = latinDigits(wanted)
    .replace(/\D/g, '')
    .replace(/^(0098|98|0)/, '');
  /** @type {FoundRow[]} */
  const found = [];
  if (!wanted) return { found, more: 0 };
  for (const table of tables) {
    const columns = SEARCHED.filter((column) => has(table, column));
    const people = PEOPLE.indexOf(table.key);
    for (const row of table.rows) {
      const rank = rankOf_(table, row, columns, wanted, digits);
      if (rank !== null) found.push(foundRow_(config, table, row, rank + (people < 0 ? 10 : people)));
    }
  }
  found.sort((one, other) => one.rank - other.rank || (one.name < other.name ? -1 : 1));
  return { found: found.slice(0, most), more: Math.max(0, found.length - most) };
}

/**
 * How well a row answers: 0 to 6, null for not at all. Digits find a phone however it was written.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {string[]} columns
 * @param {string} wanted folded
 * @param {string} digits of it, without what stands before the number of a country
 * @returns {number | null}
 */
function rankOf_(table, row, columns, wanted, digits) {
  let best = null;
  for (const column of columns) {
    const value = cell(table, row, column);
    if (value === '') continue;
    const here = folded(value);
    let rank = null;
    if (here === wanted) rank = 0;
    else if (here.startsWith(wanted)) rank = 2;
    else if (here.includes(wanted)) rank = 4;
    else if (column === 'phone' && digits.length > 3 && latinDigits(here).replace(/\D/g, '').includes(digits)) rank = 4;
    if (rank !== null && (best === null || rank < best)) best = rank;
  }
  return best;
}

/**
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {number} rank
 * @returns {FoundRow}
 */
function foundRow_(config, table, row, rank) {
  const of = (/** @type {string} */ column) => text(cell(table, row, column));
  const name = of('name') || of('title') || of('customer') || of('email') || of('id');
  return {
    table: table.key,
    id: of('id'),
    name,
    reach: [of('email'), of('phone')].filter((part) => part && part !== name).join(' \u00b7 '),
    state: of('status') || of('stage') || of('type') || of('reason'),
    about: of('company') || of('product') || of('details') || of('comment') || of('subject'),
    rank,
  };
}

/**
 * Customers for a field in which somebody types.
 *
 * @param {Config} config
 * @param {Table} customers
 * @param {string} query
 * @returns {{value: string, label: string, note: string}[]}
 */
function suggestedCustomers(config, customers, query) {
  return foundRows(config, [customers], query, 8).found.map(({ name, id, reach, about }) => ({
    value: referenceTo(tamed(name), id),
    label: shortened(tamed(name), 60),
    note: shortened(tamed([about, reach].filter(Boolean).join(' \u00b7 ')), 80),
  }));
}

/**
 * All that happened with a customer: the latest first, and before it what is still to be done.
 *
 * @param {Config} config
 * @param {(Table | null)[]} tables
 * @param {Table} customers
 * @param {string} id of the customer
 * @returns {Happening[]}
 */
function timelineOf(config, tables, customers, id) {
  const meant = customersByReference(config, customers);
  const customer = byId(customers).get(id);
  const address = customer ? folded(cell(customers, customer, 'email')) : '';
  const found = [];
  for (const table of tables) {
    if (!table || table.key === 'customers' || !HAPPENINGS[table.key]) continue;
    for (const row of table.rows) {
      const reference = cell(table, row, 'customer');
      const mine =
        reference !== '' ? meant(reference) === id : address !== '' && folded(cell(table, row, 'email')) === address;
      if (mine) found.push(HAPPENINGS[table.key](config, table, row));
    }
  }
  const latest = (/** @type {Happening} */ one) => (one.ahead ? 1e9 - (one.day ?? 0) : (one.day ?? 0));
  return found.sort((one, other) => latest(other) - latest(one));
}

/**
 * How a row of each table is told.
 *
 * @type {Record<string, (config: Config, table: Table, row: any[]) => Happening>}
 */
const HAPPENINGS = {
  interactions: (config, table, row) => happening_(table, row, ['date', 'created_at'], 'type', 'details', ''),
  deals: (config, table, row) => {
    const closed = ['won', 'lost'].includes(chosenKey(config, 'deals', 'stage', cell(table, row, 'stage')));
    const amount = cell(table, row, 'amount');
    const told = happening_(
      table,
      row,
      closed ? ['closed_on', 'created_at'] : ['created_at', 'expected_close'],
      'product',
      'notes',
      'stage',
    );
    return {
      ...told,
      title: [told.title, typeof amount === 'number' ? amountText(config, amount) : '']
        .filter(Boolean)
        .join(' \u00b7 '),
    };
  },
  tasks: (config, table, row) => {
    const told = happening_(table, row, ['due', 'created_at'], 'title', 'description', 'status');
    return { ...told, ahead: cell(table, row, 'done') !== true };
  },
  feedback: (config, table, row) => {
    const score = cell(table, row, 'score');
    const told = happening_(table, row, ['date', 'created_at'], 'channel', 'comment', '');
    return {
      ...told,
      state: typeof score === 'number' ? `${numberText(score, config.digits)} / ${numberText(5, config.digits)}` : '',
    };
  },
  mail_log: (config, table, row) => happening_(table, row, ['sent_at'], 'subject', 'detail', 'status'),
  leads: (config, table, row) => happening_(table, row, ['contact_date', 'created_at'], 'source', 'notes', 'status'),
};

/**
 * @param {Table} table
 * @param {any[]} row
 * @param {string[]} days columns, the first that holds a day counts
 * @param {string} title column
 * @param {string} about column
 * @param {string} state column
 * @returns {Happening}
 */
function happening_(table, row, days, title, about, state) {
  const day = days.map((column) => dayOf(cell(table, row, column))).find((one) => one !== null) ?? null;
  return {
    kind: table.key,
    id: text(cell(table, row, 'id')),
    day,
    title: text(cell(table, row, title)),
    text: text(cell(table, row, about)),
    state: state ? text(cell(table, row, state)) : '',
    ahead: false,
  };
}

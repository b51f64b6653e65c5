/**
 * Saving what a form brings: once for each of its tokens, whatever is clicked twice, lost on the way or killed.
 */

/** In the store: the latest forms that were sent, with the id that the row of each got. */
const SENT_FORMS = 'forms';
/** So many are remembered: a value of the store takes 9 KB, and nobody repeats a form after so many others. */
const REMEMBERED_FORMS = 60;

/**
 * What is searched, in this order.
 */
const SEARCHED_TABLES = [
  'customers',
  'leads',
  'deals',
  'tasks',
  'interactions',
  'feedback',
  'suppressions',
  'mail_log',
];

/**
 * The record of a form's values: what nobody has to type is filled in.
 *
 * @param {Config} config
 * @param {string} form a key of FORMS
 * @param {Record<string, any>} values
 * @param {number} today
 * @returns {Entries}
 */
function formRecord(config, form, values, today) {
  if (form === 'lead') return { contact_date: { day: today }, ...values };
  if (form === 'interaction') return { date: { day: today }, ...values };
  const status = choicesOf(config, 'task_status').open;
  return status ? { status, ...values } : values;
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {string} form a key of FORMS
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function savedForm(services, config, form, data) {
  const words = config.words.form;
  const book = services.book();
  const { table: key } = FORMS[form];
  const fields = formFields(config, book, form, {});
  const customers = fields.some((field) => field.kind === 'person') ? book.table('customers') : null;
  const meant = customers ? customersByReference(config, customers) : () => '';
  const person = (/** @type {string} */ text) => (customers ? customerReference(customers, meant(text)) : '') || null;
  const { values, errors } = readForm(config, fields, data.fields, person);
  if (!fields.length) return { bad: true, say: filled(words.gone, sheetTitle(config, key)) };
  if (!data.token) return { bad: true, say: config.words.page.unknown };
  if (Object.keys(errors).length) return { errors, say: words.wrong };
  const lock = services.lock();
  if (!lock.take(10000)) return { bad: true, say: words.busy };
  try {
    const { id, there } = claimedForm_(services, config, book, key, data.token);
    const record = formRecord(config, form, values, dayOfMoment(services.now()));
    if (!there) book.append(key, [{ ...record, id }]);
    book.flush();
    const name = text(values.name ?? values.title ?? values.customer ?? id);
    return {
      good: true,
      say: filled(there ? words.saved_before : words.saved, shortened(name, 60)),
      token: services.random(),
    };
  } finally {
    lock.free();
  }
}

/**
 * Notes a form before its row is written, with the id of that row: whoever sends it again, be it after a kill, gets the same
 * id, and a row that has it is not written a second time.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string} key of the table
 * @param {string} token
 * @returns {{id: string, there: boolean}}
 */
function claimedForm_(services, config, book, key, token) {
  book.fresh(key); // somebody else may have added rows while this run waited for the lock
  const table = book.table(key);
  const rows = table ? byId(table) : new Map();
  const sent = sentForms_(services.store().get(SENT_FORMS));
  const before = sent.find(([one]) => one === token);
  if (before) return { id: before[1], there: rows.has(before[1]) };
  const taken = new Set([...rows.keys(), ...sent.map(([, one]) => one)]);
  const id = newId(services.random, sheetConfig(config, key)?.prefix ?? '', taken);
  services.store().set(SENT_FORMS, JSON.stringify([...sent, [token, id]].slice(-REMEMBERED_FORMS)));
  return { id, there: false };
}

/**
 * @param {string | null} text
 * @returns {[string, string][]} tokens with ids; none where the note cannot be read
 */
function sentForms_(text) {
  try {
    const found = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter((one) => Array.isArray(one) && one.length === 2) : [];
  } catch (_damaged) {
    return [];
  }
}

/**
 * What pages ask the script for: each question by its name, checked before anything is done with it.
 */

/**
 * What a page gets back. `good` and `bad` say how `say` is meant; `token` is that of the form's next row.
 *
 * @typedef {object} PageAnswer
 * @property {string} [say]
 * @property {boolean} [good]
 * @property {boolean} [bad]
 * @property {string} [html] of the page's place for answers
 * @property {Record<string, string>} [errors] by field
 * @property {string} [token]
 * @property {boolean} [keep] the fields stay filled in
 * @property {{text: string, yes: string, no: string}} [confirm] asked before it is done
 * @property {{value: string, label: string, note: string}[]} [options]
 */

/**
 * A question, as far as it is of the form that it must have.
 *
 * @typedef {object} PageQuestion
 * @property {string} token
 * @property {Record<string, unknown>} fields
 * @property {boolean} confirmed
 * @property {string} text
 * @property {string} table
 * @property {string} id
 * @property {string} page
 */

/**
 * @returns {Record<string, (services: Services, config: Config, data: PageQuestion) => PageAnswer>}
 */
function pageActions() {
  return {
    addLead: (services, config, data) => savedForm(services, config, 'lead', data),
    logInteraction: (services, config, data) => savedForm(services, config, 'interaction', data),
    newTask: (services, config, data) => savedForm(services, config, 'task', data),
    suggest: answerSuggest_,
    find: answerFind_,
    timeline: answerTimeline_,
    goTo: answerGoTo_,
    open: answerOpen_,
    saveSettings: answerSettings,
    sendNow: answerSend,
  };
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {unknown} name
 * @param {unknown} data
 * @param {unknown} pass
 * @returns {PageAnswer}
 */
function runPageAction(services, config, name, data, pass) {
  // The interface alone would keep strangers out; this also does should Google grant it where it refuses it today.
  if (typeof pass !== 'string' || !sameText(pass, pagePass(services))) return { bad: true, say: config.words.page.unknown };
  const actions = pageActions();
  const known = typeof name === 'string' && Object.prototype.hasOwnProperty.call(actions, name);
  if (!known) return { bad: true, say: config.words.page.unknown };
  return actions[/** @type {string} */ (name)](services, config, pageQuestion_(data));
}

/**
 * @param {unknown} data whatever a page sent
 * @returns {PageQuestion}
 */
function pageQuestion_(data) {
  const given = /** @type {Record<string, unknown>} */ (data && typeof data === 'object' ? data : {});
  const said = (/** @type {string} */ key) =>
    typeof given[key] === 'string' ? /** @type {string} */ (given[key]).slice(0, 500) : '';
  const fields =
    given.fields && typeof given.fields === 'object' ? /** @type {Record<string, unknown>} */ (given.fields) : {};
  return {
    token: said('token').slice(0, 64),
    fields,
    confirmed: given.confirmed === true,
    text: said('text'),
    table: said('table'),
    id: said('id'),
    page: said('page'),
  };
}

/**
 * @param {PageQuestion} data
 * @param {string} field
 * @returns {string}
 */
function askedField_(data, field) {
  const value = Object.prototype.hasOwnProperty.call(data.fields, field) ? data.fields[field] : '';
  return typeof value === 'string' ? tamed(value).trim().slice(0, 500) : '';
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerSuggest_(services, config, data) {
  const customers = services.book().table('customers');
  return { options: customers ? suggestedCustomers(config, customers, data.text) : [] };
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerFind_(services, config, data) {
  const words = config.words.find;
  const query = askedField_(data, 'query');
  if (!query) return { bad: true, say: words.empty, errors: { query: config.words.form.needed }, html: '' };
  const book = services.book();
  const tables = SEARCHED_TABLES.map(book.table).flatMap((table) => (table ? [table] : []));
  const { found, more } = foundRows(config, tables, query, 30);
  if (!found.length) return { say: filled(words.nothing, shortened(query, 60)), html: '' };
  const count = numberText(found.length + more, config.digits);
  return { say: filled(words.found, count), html: foundMarkup(config, found, more).html };
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerTimeline_(services, config, data) {
  const book = services.book();
  const customers = book.table('customers');
  const id = customers ? customersByReference(config, customers)(askedField_(data, 'customer')) : '';
  if (!customers || !id) return { errors: { customer: config.words.form.no_person }, html: '' };
  return { say: '', html: timelineMarkup(config, book, customers, id).html };
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerGoTo_(services, config, data) {
  const known = sheetConfig(config, data.table) && data.id;
  const there = known && selectRow(services, config, services.book(), data.table, data.id);
  return there
    ? { say: filled(config.words.find.gone_to, data.id), good: true }
    : { bad: true, say: config.words.find.gone };
}

/**
 * Shows another page instead of this one.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerOpen_(services, config, data) {
  const customers = services.book().table('customers');
  const customer = customers ? customerReference(customers, data.id) : '';
  if (!customer) return { bad: true, say: config.words.find.gone };
  if (data.page === 'timeline') openPage(services, config, timelinePage(services, config, customer));
  else if (data.page === 'interaction') openPage(services, config, interactionPage(services, config, customer));
  else if (data.page === 'task') openPage(services, config, taskPage(services, config, customer));
  else return { bad: true, say: config.words.page.unknown };
  return {};
}

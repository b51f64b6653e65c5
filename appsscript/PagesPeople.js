/**
 * The pages about people: find one, and all that happened with a customer.
 */

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {Page}
 */
function findPage(services, config) {
  const words = config.words.find;
  const field = { name: 'query', label: words.label, kind: 'text', hint: words.hint };
  const body = formMarkup('find', '', fieldMarkup(config, field), words.search, closeButton(config));
  return { title: words.title, body, menu: config.words.menu.find_person };
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {string} customer the reference of whom to show; "" to ask
 * @returns {Page}
 */
function timelinePage(services, config, customer) {
  const words = config.words.timeline;
  const field = { name: 'customer', label: words.label, kind: 'person', value: customer };
  const body = formMarkup('timeline', '', fieldMarkup(config, field), words.show, closeButton(config));
  const book = services.book();
  const customers = customer ? book.table('customers') : null;
  const result = customers ? timelineMarkup(config, book, customers, referredId(config, customer)) : undefined;
  return { title: words.title, body, result, menu: config.words.menu.timeline };
}

/**
 * @param {Config} config
 * @param {FoundRow[]} found
 * @param {number} more that are not shown
 * @returns {Markup}
 */
function foundMarkup(config, found, more) {
  const words = config.words.find;
  const cards = found.map((one) => {
    const row = { table: one.table, id: one.id };
    const buttons = [
      one.id ? buttonMarkup('goTo', row, words.go_to, 'link') : '',
      one.table === 'customers' ? buttonMarkup('open', { page: 'timeline', id: one.id }, words.timeline, 'link') : '',
      one.table === 'customers' ? buttonMarkup('open', { page: 'interaction', id: one.id }, words.log, 'link') : '',
    ];
    const kind = markup`<span><span class="kind">${sheetTitle(config, one.table)}</span></span>`;
    return markup`<li class="card"><div class="row"><span class="what">${typed(one.name, 60)}</span>${kind}</div>
${linesMarkup_([one.about, one.reach, one.state])}<div class="buttons">${buttons}</div></li>`;
  });
  const rest = more ? markup`<p class="quiet">${filled(words.more, numberText(more, config.digits))}</p>` : '';
  return markup`<ol>${cards}</ol>${rest}`;
}

/**
 * @param {string[]} lines
 * @returns {Markup}
 */
function linesMarkup_(lines) {
  const said = lines.filter(Boolean).map((line) => markup`${typed(line, 90)}<br>`);
  return said.length ? markup`<p class="quiet">${said}</p>` : markup``;
}

/**
 * All that happened with a customer, and how to reach them.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {Table} customers
 * @param {string} id
 * @returns {Markup}
 */
function timelineMarkup(config, book, customers, id) {
  const words = config.words.timeline;
  const row = byId(customers).get(id);
  if (!row) return markup``;
  const told = timelineOf(config, Object.keys(HAPPENINGS).map(book.table), customers, id);
  const shown = told.slice(0, 100).map((one) => happeningMarkup_(config, one));
  const of = (/** @type {string} */ column) => text(cell(customers, row, column));
  const state = [of('status'), of('segment')].filter(Boolean).join(' \u00b7 ');
  const buttons = [
    buttonMarkup('open', { page: 'interaction', id }, words.log),
    buttonMarkup('open', { page: 'task', id }, words.task),
    buttonMarkup('goTo', { table: 'customers', id }, words.go_to),
  ];
  const left = told.length - shown.length;
  const rest = left > 0 ? markup`<p class="quiet">${filled(words.more, numberText(left, config.digits))}</p>` : '';
  const list = told.length ? markup`<ol>${shown}</ol>${rest}` : markup`<p class="quiet">${words.nothing}</p>`;
  return markup`<h1>${typed(of('name'), 80)}</h1>${linesMarkup_([of('company'), of('email'), of('phone'), state])}
<div class="buttons">${buttons}</div>
<h2>${filled(words.count, numberText(told.length, config.digits))}</h2>${list}`;
}

/**
 * @param {Config} config
 * @param {Happening} one
 * @returns {Markup}
 */
function happeningMarkup_(config, one) {
  const words = config.words.timeline;
  const when = one.day === null ? words.undated : dayLine(config, one.day);
  const kind = markup`<span class="kind">${sheetTitle(config, one.kind)}</span>`;
  const states = [one.ahead ? words.ahead : '', one.state].filter(Boolean);
  const state = states.map((part) => markup` <span class="kind">${typed(part, 30)}</span>`);
  const title = one.title ? markup`<div class="what">${typed(one.title, 120)}</div>` : '';
  const about = one.text ? markup`<p>${typed(one.text, 400)}</p>` : '';
  return markup`<li class="card"><div class="row"><span>${kind}${state}</span><span>${when}</span></div>${title}${about}</li>`;
}

/**
 * A day as people of this CRM write it.
 *
 * @param {Config} config
 * @param {number} day
 * @returns {string}
 */
function dayLine(config, day) {
  const text = config.calendar === 'jalali' ? jalaliText(day, config.digits) : isoText(day);
  return config.digits === 'persian' ? persianDigits(text) : text;
}

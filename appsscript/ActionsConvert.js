/**
 * Leads that become customers: each once, and whoever is a customer already is linked instead.
 */

/**
 * What is to be written so that leads are customers.
 *
 * @typedef {object} Conversion
 * @property {Entries[]} customers new ones
 * @property {Change[]} changes of the leads
 * @property {{lead: string, customer: string, name: string, linked: boolean}[]} done
 */

/** Columns that a customer takes from the lead under another key. */
const FROM_LEAD = /** @type {Record<string, string>} */ ({ lead_source: 'source', interests: 'interest' });
/** Columns of a customer that a lead's of the same key says nothing about. */
const NOT_FROM_LEAD = ['id', 'status', 'status_since', 'created_at', 'updated_at', 'first_contact', 'customer'];

/**
 * Who is made of which lead. Pure; run twice, it does nothing the second time: a lead that names its customer is done, and
 * the id of a new customer follows from that of the lead, so that one that a killed run left is found again.
 *
 * @param {Config} config
 * @param {Table} leads
 * @param {Table} customers
 * @param {string[]} ids of leads
 * @param {number} today
 * @param {() => string} another an id that nobody has, where the one that follows is somebody else's
 * @returns {Conversion}
 */
function conversionOf(config, leads, customers, ids, today, another) {
  const known = knownCustomers_(customers);
  const rows = byId(leads);
  /** @type {Conversion} */
  const result = { customers: [], changes: [], done: [] };
  for (const id of new Set(ids)) {
    const row = rows.get(id);
    if (!row || text(cell(leads, row, 'customer')) !== '') continue;
    const name = text(cell(leads, row, 'name'));
    if (!name) continue;
    const wanted = `${sheetConfig(config, 'customers')?.prefix}-${id.replace(/^[A-Z]+-/, '')}`;
    const same = sameCustomer_(known, leads, row, wanted);
    const customer = same ?? { id: known.ids.has(wanted) ? another() : wanted, name };
    if (!same) {
      result.customers.push(customerOf_(config, leads, customers, row, customer.id, today));
      noteCustomer_(known, customer, cell(leads, row, 'email'), cell(leads, row, 'phone'));
    }
    result.changes.push({ id, column: 'customer', value: referenceTo(customer.name, customer.id) });
    result.done.push({ lead: id, customer: customer.id, name: customer.name, linked: Boolean(same) });
  }
  return result;
}

/**
 * @typedef {object} Known
 * @property {Map<string, {id: string, name: string}>} ids
 * @property {Map<string, {id: string, name: string}>} emails
 * @property {Map<string, {id: string, name: string}>} phones by the number and the name: an office shares one number
 */

/**
 * @param {Table} customers
 * @returns {Known}
 */
function knownCustomers_(customers) {
  const known = { ids: new Map(), emails: new Map(), phones: new Map() };
  for (const [id, row] of byId(customers)) {
    const name = text(cell(customers, row, 'name'));
    noteCustomer_(known, { id, name }, cell(customers, row, 'email'), cell(customers, row, 'phone'));
  }
  return known;
}

/**
 * @param {Known} known
 * @param {{id: string, name: string}} customer
 * @param {any} email
 * @param {any} phone
 */
function noteCustomer_(known, customer, email, phone) {
  known.ids.set(customer.id, customer);
  const address = folded(email);
  const number = phoneAndName_(phone, customer.name);
  if (address && !known.emails.has(address)) known.emails.set(address, customer);
  if (number && !known.phones.has(number)) known.phones.set(number, customer);
}

/**
 * @param {any} phone
 * @param {any} name
 * @returns {string} "" where one of them is missing
 */
function phoneAndName_(phone, name) {
  const [number, person] = [sameness(phone, 'phone'), folded(name)];
  return number && person ? `${number} ${person}` : '';
}

/**
 * @param {Known} known
 * @param {Table} leads
 * @param {any[]} row
 * @param {string} wanted
 * @returns {{id: string, name: string} | undefined}
 */
function sameCustomer_(known, leads, row, wanted) {
  const left = known.ids.get(wanted);
  return (
    known.emails.get(folded(cell(leads, row, 'email'))) ??
    known.phones.get(phoneAndName_(cell(leads, row, 'phone'), cell(leads, row, 'name'))) ??
    (left && folded(left.name) === folded(cell(leads, row, 'name')) ? left : undefined)
  );
}

/**
 * @param {Config} config
 * @param {Table} leads
 * @param {Table} customers
 * @param {any[]} row
 * @param {string} id
 * @param {number} today
 * @returns {Entries}
 */
function customerOf_(config, leads, customers, row, id, today) {
  /** @type {Entries} */
  const record = { id };
  for (const key of new Set(Object.keys(customers.types).map(plainKey))) {
    if (NOT_FROM_LEAD.includes(key)) continue;
    const column = FROM_LEAD[key] ?? key;
    const value = cell(leads, row, column);
    if (value === '' || value === false || (typedColumn(leads, column) === '' && !(column in leads.types))) continue;
    const day = value instanceof Date || typedColumn(customers, key) !== key ? dayOf(value) : null;
    record[key] = day === null ? value : { day };
  }
  const choices = choicesOf(config, 'customer_status');
  record.status = choices.prospect ?? choices.active ?? '';
  record.first_contact = { day: dayOf(cell(leads, row, 'contact_date')) ?? today };
  return record;
}

/**
 * Makes customers of leads whose status says that they are; links those who are customers already.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string[]} ids of leads
 * @returns {Conversion['done']}
 */
function leadsConverted(services, config, book, ids) {
  const leads = book.table('leads');
  const customers = book.table('customers');
  if (!leads || !customers || !ids.length) return [];
  const taken = new Set([...byId(customers).keys()]);
  const another = () => newId(services.random, sheetConfig(config, 'customers')?.prefix ?? '', taken);
  const found = conversionOf(config, leads, customers, ids, dayOfMoment(services.now()), another);
  // The customer first: a run that is killed in between finds it again, while a lead that named nobody would stay so.
  if (found.customers.length) book.append('customers', found.customers);
  if (found.changes.length) book.write('leads', 'id', found.changes);
  return found.done;
}

/**
 * Which of some leads are not customers yet.
 *
 * @param {Table} leads
 * @param {string[]} ids
 * @returns {string[]}
 */
function openLeads(leads, ids) {
  const rows = byId(leads);
  return ids.filter((id) => {
    const row = rows.get(id);
    return row && text(cell(leads, row, 'customer')) === '' && text(cell(leads, row, 'name')) !== '';
  });
}

/**
 * What the items of the menu do: show a page beside or over the sheet, or act on the rows that are selected.
 */

/** So many rows are acted upon at once; whoever selects more has selected them by mistake. */
const MOST_SELECTED = 100;

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Page} page
 */
function openPage(services, config, page) {
  const output = services.page(pageHtml(services, config, page)).setTitle(page.title);
  if (!page.width) services.ui().showSidebar(output);
  else services.ui().showModalDialog(output.setWidth(page.width).setHeight(page.height ?? 400), page.title);
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openHelp(services, config) {
  openPage(services, config, helpPage(config));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openAbout(services, config) {
  openPage(services, config, aboutPage(config, sheetKeys(services, config)));
}

/**
 * The keys of the sheets that are there, by their marks: titles are people's to change. One call for all.
 *
 * @param {Services} services
 * @param {Config} config
 * @returns {string[]}
 */
function sheetKeys(services, config) {
  const found = services.spreadsheet().createDeveloperMetadataFinder().withKey(config.marks.sheet).find();
  return found.map((mark) => mark.getValue() ?? '');
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openAddLead(services, config) {
  openPage(services, config, leadPage(services, config));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openLogInteraction(services, config) {
  openPage(services, config, interactionPage(services, config, selectedCustomer(services, config, services.book())));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openNewTask(services, config) {
  openPage(services, config, taskPage(services, config, selectedCustomer(services, config, services.book())));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openFindPerson(services, config) {
  openPage(services, config, findPage(services, config));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openTimeline(services, config) {
  openPage(services, config, timelinePage(services, config, selectedCustomer(services, config, services.book())));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openSettings(services, config) {
  openPage(services, config, settingsPage(services, config));
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openPreview(services, config) {
  openPage(services, config, previewPage(services, config));
}

/**
 * The selected rows of a table, or a sentence about what to select instead.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string} key of the table
 * @param {string} title of the message
 * @returns {string[]} ids; none where a message was shown
 */
function askedRows_(services, config, book, key, title) {
  const words = config.words.selection;
  const selected = selectedRows(services, config, book);
  const sheet = sheetTitle(config, key);
  let problem = '';
  if (selected.key !== key) problem = filled(words.other_sheet, sheet);
  else if (!selected.ids.length) problem = filled(words.no_rows, sheet);
  else if (selected.ids.length > MOST_SELECTED)
    problem = filled(words.too_many, numberText(MOST_SELECTED, config.digits));
  if (problem) services.ui().alert(title, problem, services.ui().ButtonSet.OK);
  return problem ? [] : selected.ids;
}

/**
 * Asks before several rows are changed: rows that a filter hides may be among those that are selected.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {string} title
 * @param {string[]} names
 * @returns {boolean}
 */
function agreed_(services, config, title, names) {
  if (names.length < 2) return true;
  const words = config.words.selection;
  const listed = names.slice(0, 15).map((name) => `\u2022 ${shortened(tamed(name), 60)}`);
  const rest = names.length - listed.length;
  const lines = [filled(words.several, numberText(names.length, config.digits)), '', ...listed];
  if (rest > 0) lines.push(filled(words.and_more, numberText(rest, config.digits)));
  const ui = services.ui();
  return ui.alert(title, lines.join('\n'), ui.ButtonSet.YES_NO) === ui.Button.YES;
}

/**
 * Makes customers of the selected leads.
 *
 * @param {Services} services
 * @param {Config} config
 */
function convertSelected(services, config) {
  const words = config.words.convert;
  const book = services.book();
  const title = config.words.menu.convert_lead;
  const ids = askedRows_(services, config, book, 'leads', title);
  const leads = book.table('leads');
  if (!ids.length || !leads) return;
  const open = openLeads(leads, ids);
  if (!open.length) return void services.toast(words.nothing);
  const names = open.map((id) => text(cell(leads, byId(leads).get(id) ?? [], 'name')));
  if (!agreed_(services, config, title, names)) return;
  const done = whileLocked_(services, config, title, () => {
    book.fresh(); // the question may have stood there for long
    const now = book.table('leads');
    if (!now) return [];
    const rows = byId(now);
    const changes = openLeads(now, open).flatMap((id) =>
      changesOf(config, now, rows.get(id) ?? [], id, 'status', 'converted', services.now()),
    );
    // The status first: a run that is killed after it leaves what the dispatcher takes for a lead to be converted.
    book.write('leads', 'id', changes);
    const made = leadsConverted(services, config, book, open);
    book.flush();
    return made;
  });
  if (done) services.toast(convertedText_(config, done));
}

/**
 * @param {Config} config
 * @param {Conversion['done']} done
 * @returns {string}
 */
function convertedText_(config, done) {
  const words = config.words.convert;
  if (done.length > 1) return filled(words.several, numberText(done.length, config.digits));
  if (!done.length) return words.nothing;
  const [{ name, customer, linked }] = done;
  return filled(linked ? words.linked : words.made, shortened(tamed(name), 60), customer);
}

/**
 * Marks the selected deals as won or lost.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {'won' | 'lost'} stage
 */
function markSelected(services, config, stage) {
  const words = config.words.closing;
  const book = services.book();
  const title = stage === 'won' ? config.words.menu.mark_won : config.words.menu.mark_lost;
  const ids = askedRows_(services, config, book, 'deals', title);
  const deals = book.table('deals');
  if (!ids.length || !deals) return;
  const { names } = stageChanges(config, deals, ids, stage, services.now());
  if (!names.length) return void services.toast(words.nothing);
  if (!agreed_(services, config, title, names)) return;
  const done = whileLocked_(services, config, title, () => {
    book.fresh();
    const now = book.table('deals');
    const found = now ? stageChanges(config, now, ids, stage, services.now()) : { changes: [], names: [] };
    book.write('deals', 'id', found.changes);
    book.flush();
    return found.names;
  });
  if (!done) return;
  const count = numberText(done.length, config.digits);
  services.toast(
    filled(stage === 'won' ? words.won : words.lost, done.length === 1 ? shortened(tamed(done[0]), 60) : count),
  );
}

/**
 * Carries something out while no other run can.
 *
 * @template T
 * @param {Services} services
 * @param {Config} config
 * @param {string} title
 * @param {() => T} work
 * @returns {T | null} null where another run did not end in time
 */
function whileLocked_(services, config, title, work) {
  const lock = services.lock();
  if (!lock.take(CLICK_PATIENCE)) {
    services.ui().alert(title, config.words.form.busy, services.ui().ButtonSet.OK);
    return null;
  }
  try {
    return work();
  } finally {
    lock.free();
  }
}

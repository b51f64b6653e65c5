/**
 * The archive in the menu: asks, moves rows out of the tables or back into them, and says what came of it.
 */

/**
 * @param {Services} services
 * @param {Config} config
 */
function runArchiveNow(services, config) {
  const words = config.words.archive;
  const title = config.words.menu.archive;
  const ui = services.ui();
  const book = services.book();
  const { settings } = checkedSettings(config, book.settings());
  const today = dayOfMoment(services.now());
  const plans = archivedTables(config).flatMap((key) => {
    const table = book.table(key);
    const plan = table && archivePlan(config, table, settings.archive_days, today);
    return plan ? [{ sheet: sheetConfig(config, key)?.title ?? key, ...plan }] : [];
  });
  const digits = (/** @type {number} */ number) => numberText(number, config.digits);
  const lines = plans.map(({ sheet, ready }) => filled(words.line, sheet, digits(ready.length)));
  const days = digits(settings.archive_days);
  if (!plans.some((plan) => plan.ready.length)) {
    const kept = keptSentences_(config, plans.map((plan) => plan.kept));
    ui.alert(title, [filled(words.nothing, days), ...kept].join('\n'), ui.ButtonSet.OK);
    return;
  }
  const asked = [filled(words.ask, days), ...lines].join('\n');
  if (ui.alert(title, asked, ui.ButtonSet.YES_NO) !== ui.Button.YES) return;
  archiveLocked_(services, config, title, (deadline) => {
    book.fresh(); // the question may have stood there for hours
    const outcome = archiveRun(services, config, book, settings, deadline);
    const left = outcome.left ? [filled(words.left, digits(outcome.left))] : [];
    return [filled(words.done, digits(outcome.moved)), ...left, ...keptSentences_(config, [outcome.kept])];
  });
}

/**
 * Brings back the rows whose ids are marked in the sheet, or typed into the question.
 *
 * @param {Services} services
 * @param {Config} config
 */
function runUnarchive(services, config) {
  const words = config.words.archive;
  const title = config.words.menu.unarchive;
  const ui = services.ui();
  const book = services.book();
  const archive = book.table('archive');
  if (!archive || !archive.rows.length) {
    ui.alert(title, words.back_none, ui.ButtonSet.OK);
    return;
  }
  let ids = namedInArchive(archive, markedTexts_(services));
  if (ids.length) {
    const listed = ids.slice(0, 20).join('\n');
    const asked = `${filled(words.back_ask, numberText(ids.length, config.digits))}\n${listed}`;
    if (ui.alert(title, asked, ui.ButtonSet.YES_NO) !== ui.Button.YES) return;
  } else {
    const answer = ui.prompt(title, words.back_which, ui.ButtonSet.OK_CANCEL);
    if (answer.getSelectedButton() !== ui.Button.OK) return;
    ids = namedInArchive(archive, [answer.getResponseText()]);
    if (!ids.length) {
      ui.alert(title, words.back_unknown, ui.ButtonSet.OK);
      return;
    }
  }
  archiveLocked_(services, config, title, () => {
    book.fresh();
    const outcome = bringBack(services, config, book, ids);
    const back = numberText(outcome.back, config.digits);
    return [filled(words.back_done, back), ...keptSentences_(config, [outcome.kept])];
  });
}

/**
 * What stands in the cells that are marked now, as texts; of a marked column of thousands the first ones.
 *
 * @param {Services} services
 * @returns {string[]}
 */
function markedTexts_(services) {
  const range = services.spreadsheet().getActiveRange();
  return (range?.getValues() ?? []).slice(0, 1000).flat().map((value) => text(value)).filter(Boolean);
}

/**
 * Carries something out while no other run can, and shows what it says.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {string} title
 * @param {(deadline: Date) => string[]} work
 */
function archiveLocked_(services, config, title, work) {
  const words = config.words.archive;
  const ui = services.ui();
  const lock = services.lock();
  if (!lock.take(CLICK_PATIENCE)) {
    ui.alert(title, words.busy, ui.ButtonSet.OK);
    return;
  }
  let told = [''];
  try {
    told = work(new Date(services.now().getTime() + RUN_MILLISECONDS));
  } finally {
    lock.free();
  }
  ui.alert(title, told.join('\n'), ui.ButtonSet.OK);
}

/**
 * Why rows stayed where they were, a sentence for each reason.
 *
 * @param {Config} config
 * @param {Record<string, number>[]} all
 * @returns {string[]}
 */
function keptSentences_(config, all) {
  const words = config.words.archive;
  /** @type {Record<string, string>} */
  const reasons = {
    no_id: words.no_id,
    same_id: words.same_id,
    too_long: words.too_long,
    own_columns: words.own_columns,
    no_table: words.no_table,
    unreadable: words.unreadable,
    no_column: words.no_column,
    differs: words.differs,
  };
  /** @type {Record<string, number>} */
  const sums = {};
  for (const kept of all) {
    for (const [reason, number] of Object.entries(kept)) sums[reason] = (sums[reason] ?? 0) + number;
  }
  return Object.entries(sums).map(([reason, number]) =>
    filled(reasons[reason] ?? reason, numberText(number, config.digits)),
  );
}

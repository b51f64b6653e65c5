/**
 * The boxes of the settings: what is ticked is carried out by the next run and unticked, where no menu is at hand.
 */

/**
 * Carries out what is ticked, in its order. A box is unticked after its action, be it well or not: a kill in between
 * does the action once more, and none of them does harm twice.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {Date} deadline
 * @returns {JobEnd}
 */
function runTickedActions(services, config, book, settings, deadline) {
  const failed = [];
  for (const key of settings.ticked) {
    if (services.now() >= deadline) return 'time';
    /** @type {JobEnd} */
    let end = 'done';
    try {
      end = tickedAction_(services, config, book, settings, key, deadline);
    } catch (error) {
      failed.push(`${key}: ${error instanceof Error ? error.message : error}`);
    }
    if (end === 'time') return end;
    book.write('settings', 'key', [{ id: key, column: 'value', value: false }]);
  }
  if (failed.length) throw new Error(failed.join(' '));
  return 'done';
}

/**
 * What the caps of a day keep back comes by itself on the next ones: only time being up keeps a box ticked.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {string} key
 * @param {Date} deadline
 * @returns {JobEnd}
 */
function tickedAction_(services, config, book, settings, key, deadline) {
  if (key === 'do_archive') {
    return archiveRun(services, config, book, settings, deadline).left > 0 ? 'time' : 'done';
  }
  if (!hasMail(config)) return 'done';
  if (key === 'do_send') return sendFollowUps(services, config, book, deadline, ['lead', 'won', 'inactive']);
  if (key === 'do_report') {
    const kind = settings.report_period === 'weekly' ? 'weekly' : 'monthly';
    return sendReports(services, config, book, settings, kind, deadline, String(dayOfMoment(services.now())));
  }
  const [user, link] = [services.user(), services.spreadsheet().getUrl()];
  if (!user) return 'done';
  const message = previewMessage(config, explainFollowUps(services, config, book), user, services.now(), link);
  return sendToTeam(services, config, book, [message], deadline);
}

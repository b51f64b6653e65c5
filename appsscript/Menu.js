/**
 * The menu of the CRM: what stands in it, and which entry point each item calls.
 */

/**
 * @typedef {typeof CONFIG} Config
 */

/**
 * The items in their order; null stands for a line between them. What is about mail only stands there where mail is on.
 *
 * @param {Config} config
 * @returns {({title: string, entry: string} | null)[]}
 */
function menuItems(config) {
  const words = config.words.menu;
  const mail = [
    { title: words.preview, entry: 'showPreview' },
    { title: words.send_now, entry: 'sendNow' },
    { title: words.pause_mail, entry: 'pauseMail' },
    { title: words.resume_mail, entry: 'resumeMail' },
    null,
  ];
  return [
    { title: words.add_lead, entry: 'showAddLead' },
    { title: words.log_interaction, entry: 'showLogInteraction' },
    { title: words.new_task, entry: 'showNewTask' },
    { title: words.find_person, entry: 'showFindPerson' },
    { title: words.timeline, entry: 'showTimeline' },
    null,
    { title: words.convert_lead, entry: 'convertLead' },
    { title: words.mark_won, entry: 'markWon' },
    { title: words.mark_lost, entry: 'markLost' },
    null,
    ...(hasMail(config) ? mail : []),
    { title: words.settings, entry: 'showSettings' },
    { title: words.finish_set_up, entry: 'finishSetUp' },
    { title: words.remove_set_up, entry: 'removeSetUp' },
    { title: words.archive, entry: 'archiveNow' },
    { title: words.unarchive, entry: 'unarchive' },
    null,
    { title: words.help, entry: 'showHelp' },
    { title: words.about, entry: 'showAbout' },
  ];
}

/**
 * Puts the menu into the sheet.
 *
 * @param {Services} services
 * @param {Config} config
 */
function addMenu(services, config) {
  const menu = services.ui().createMenu(config.words.menu.title);
  for (const item of menuItems(config)) {
    if (item) menu.addItem(item.title, item.entry);
    else menu.addSeparator();
  }
  menu.addToUi();
}

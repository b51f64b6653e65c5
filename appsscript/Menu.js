/**
 * The menu of the CRM: what stands in it, and which entry point each item calls.
 */

/**
 * @typedef {typeof CONFIG} Config
 */

/**
 * The items in their order; null stands for a line between them.
 *
 * @param {Config} config
 * @returns {({title: string, entry: string} | null)[]}
 */
function menuItems(config) {
  const words = config.words.menu;
  return [{ title: words.help, entry: 'showHelp' }, null, { title: words.about, entry: 'showAbout' }];
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

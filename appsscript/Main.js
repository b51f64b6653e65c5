/**
 * The entry points: Google calls these functions by their names. What they do stands elsewhere.
 */

/** When the spreadsheet is opened; Google runs it without asking anybody for consent. */
function onOpen() {
  addMenu(services(), CONFIG);
}

/** The menu's help. */
function showHelp() {
  openHelp(services(), CONFIG);
}

/** The menu's about. */
function showAbout() {
  openAbout(services(), CONFIG);
}

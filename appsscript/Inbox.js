/**
 * Google's service that reads the mails of whoever the script runs for: only where the CRM reads replies.
 *
 * @scope https://mail.google.com/ replies
 */

/** So many threads are asked for at once. */
const INBOX_PAGE = 100;

/**
 * @returns {Inbox}
 */
function inboxService() {
  return {
    since: (moment, until) => {
      // Seconds since 1970: dates it would read in its own time zone.
      const after = `after:${Math.floor(moment.getTime() / 1000)}`;
      const query = until ? `${after} before:${Math.ceil(until.getTime() / 1000)}` : after;
      const letters = [];
      for (let start = 0, last = false; !last; start += INBOX_PAGE) {
        const threads = GmailApp.search(query, start, INBOX_PAGE);
        last = threads.length < INBOX_PAGE;
        if (!threads.length) break;
        for (const message of GmailApp.getMessagesForThreads(threads).flat()) {
          // A thread comes with all its messages, and most of them were read before.
          const date = new Date(message.getDate().getTime());
          if (date < moment || (until && date >= until)) continue;
          letters.push({ from: message.getFrom(), subject: message.getSubject(), text: message.getPlainBody(), date });
        }
      }
      return letters;
    },
  };
}

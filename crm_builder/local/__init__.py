"""The local workspace: answers the Sheets and Drive REST calls from an embedded store, in Google's own form."""

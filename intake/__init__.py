"""Where letters come from: mailbox, drop folder; mail taken apart; the gate."""

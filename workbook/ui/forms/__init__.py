"""One form per topic: fields inside, one frozen ``value`` outside."""

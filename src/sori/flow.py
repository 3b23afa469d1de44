"""Listen, understand, remember, respond: the whole product on one screen."""

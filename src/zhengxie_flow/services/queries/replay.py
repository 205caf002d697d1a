def unlawful_events(context, events):
    return ()

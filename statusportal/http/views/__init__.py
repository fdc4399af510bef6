"""View models: what each template is given, as frozen plain values.

Times are aware datetimes, quantities numbers with a unit beside them; filters of `statusportal.http.filters` turn both
into the reader's language. Sentences that a room makes (a reason, a headline) arrive in that language.
"""

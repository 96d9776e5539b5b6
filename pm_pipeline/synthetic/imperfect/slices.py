"""The law that planted cases were registered under; a pattern keeps to one, so that its share tells."""

INSURED_OLD, INSURED_NEW = "forsikrede_ledige__20200101", "forsikrede_ledige__20240101"
SOCIAL_OLD, SOCIAL_NEW = "kontanthjaelp__20200101", "kontanthjaelp__20240101"
RESOURCE = "ressourceforloeb__20220101"

"""The law as data: validation of the register, regimes by date, the holiday calendar."""

"""Excel workbooks (ECMA-376): the package is checked before it is parsed, then read row by row."""

"""What is known from earlier runs: facts of files, and findings of programs, beside the project that they are of.

`folder` says where, `store` keeps texts by keys in a database, `plain` writes facts as JSON and reads them with
suspicion, `memory` knows what an answer rests on, and whether it still holds. A cache that cannot be used is none:
nothing here fails.
"""

"""Connections to PostgreSQL on which a query that is asked again is not planned again.

psycopg has the server keep the plan of what is asked often, and throws all plans away at every rollback, in case
tables were made anew in what was given up. Each page that only reads ends with a rollback: so hardly a plan was ever
used again, and the rules of row-level security make planning most of what a small query takes.
"""

from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

# How often a query is asked before the server keeps its plan, and how many plans it keeps for a connection.
ASKED_BEFORE, PLANS = 2, 300


class KeptPlans(psycopg.Connection):
    """A connection that keeps its plans when it gives up a transaction in which nothing went wrong."""

    def rollback(self) -> None:
        """Give up what was begun.

        After an error psycopg does it, and forgets the plans: the tables may be others since somebody upgraded.
        """
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            with self.lock:
                if self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                    return
        super().rollback()


def connect(**how: Any) -> KeptPlans:
    """A new connection, of what `psycopg.connect` takes."""
    connection = KeptPlans.connect(prepare_threshold=ASKED_BEFORE, **how)
    connection.prepared_max = PLANS
    return connection

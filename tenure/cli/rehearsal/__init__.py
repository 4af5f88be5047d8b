"""What `tenure rehearse` needs beside the rehearsal itself: its cohort, its hands, its pages."""

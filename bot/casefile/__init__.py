"""The file of a case beside its conversation: tasks, visits, checklists, papers, people."""

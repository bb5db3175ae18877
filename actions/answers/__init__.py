"""What the assistant says: French prose by topic, filled from the facts at a date."""

from actions.answers.answers import Answer, Answers, Part, RenderedAnswer
from actions.answers.errors import AnswerFileError, AnswersError, UnknownAnswerError
from actions.answers.loader import load_answers
from actions.answers.topics import Topic, Topics, load_topics

__all__ = [
    "Answer",
    "AnswerFileError",
    "Answers",
    "AnswersError",
    "Part",
    "RenderedAnswer",
    "Topic",
    "Topics",
    "UnknownAnswerError",
    "load_answers",
    "load_topics",
]

"""Talks to our small X by X's own client library, to prove that it speaks as X does.

Run by a Python that has tweepy, which cannot be installed beside Sori (it wants an older oauthlib):
`python x_by_tweepy.py ADDRESS`; writes what it heard as JSON.
"""

import json
import sys
from typing import Any

import tweepy


class Here(tweepy.Client):
    """The client, whose host is fixed, led to loopback; signing and reading stay its own."""

    def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False
    ) -> Any:
        auth = None
        headers = {"User-Agent": self.user_agent}
        if user_auth:
            auth = tweepy.OAuth1UserHandler(
                self.consumer_key,
                self.consumer_secret,
                self.access_token,
                self.access_token_secret,
            ).apply_auth()
        else:
            headers["Authorization"] = f"Bearer {self.bearer_token}"
        answer = self.session.request(
            method, sys.argv[1] + route, params=params, json=json, headers=headers, auth=auth
        )
        if answer.status_code == 429:
            raise tweepy.TooManyRequests(answer)
        answer.raise_for_status()
        return answer


client = Here("bearer-of-our-app", "key", "key-secret", "77-token", "token-secret")
mentions = client.get_users_mentions(
    77,
    since_id=5,
    max_results=100,
    expansions=["author_id"],
    tweet_fields=["created_at", "conversation_id", "entities", "edit_history_tweet_ids"],
    user_fields=["public_metrics"],
)
found = client.search_recent_tweets("(텀블러 lang:ko) -is:retweet", max_results=10)
newest = mentions.data[0]
answer = client.create_tweet(text="내일 도착합니다.", in_reply_to_tweet_id=newest.id)
looked_up = client.get_tweets([newest.id, 1])
sys.stdout.write(
    json.dumps(
        {
            "mentions": [each.text for each in mentions.data],
            "by": [each.username for each in mentions.includes["users"]],
            "at": newest.created_at.isoformat(),
            "meta": mentions.meta["newest_id"],
            "found": [each.text for each in found.data],
            "answer": answer.data["id"],
            "there": [each.id for each in looked_up.data],
            "gone": [each["resource_id"] for each in looked_up.errors],
        }
    )
)

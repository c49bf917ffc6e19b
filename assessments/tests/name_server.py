"""A real name server on loopback that knows a few domains."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

Zone = Mapping[str, Mapping[str, str]]  # domain: type: value


def answer_to(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    """NXDOMAIN for a domain that is not in the zone, SERVFAIL for one that is broken."""
    question = query.question[0]
    known = zone.get(question.name.to_text(omit_final_dot=True))
    kind = dns.rdatatype.to_text(question.rdtype)
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    if known is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif "broken" in known:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif kind in known:
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, known[kind]))
    return answer


@contextmanager
def name_server(zone: Zone) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks nobody else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                asked, client = server.recvfrom(4096)
                if not asked:
                    return
                server.sendto(answer_to(dns.message.from_wire(asked), zone).to_wire(), client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = server.getsockname()[1]
        yield resolver
        server.sendto(b"", server.getsockname())
        thread.join(5)

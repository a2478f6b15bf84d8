"""Names of invented customers, from all over; the same order of draws gives the same names."""

import re
import unicodedata
from random import Random

# Each line: given names, then family names that go with them.
_NAMES = [
    (
        "James Mary Robert Patricia Walter Dorothy Gary Sharon Tyler Brianna",
        "Miller Thompson Campbell Reed Sullivan Hughes Bennett Foster Whitaker Pritchard",
    ),
    (
        "María José Guadalupe Alejandro Ximena Rodrigo Valentina Ignacio Lucía Mateo",
        "García Hernández Ramírez Quiñones Castañeda Núñez Villarreal Orozco Ibáñez Muñoz",
    ),
    (
        "Amara Chinedu Ngozi Emeka Adaeze Obinna Folasade Tunde Ifeoma Babajide",
        "Okonkwo Adebayo Eze Nwosu Balogun Ogunleye Afolabi Igwe Ekwueme Olatunji",
    ),
    (
        "Wei Xiuying Jun Li Na Fang Hao Mei Yan Jing",
        "Wang Li Zhang Liu Chen Huang Zhao Wu Zhou Sun",
    ),
    (
        "Aarav Saanvi Vikram Lakshmi Arjun Meera Rohan Kavya Harish Deepa",
        "Patel Iyer Krishnamurthy Singh Reddy Banerjee Nair Joshi Mehta Venkatesan",
    ),
    (
        "Omar Layla Khalid Yasmin Hassan Noor Ibrahim Rania Bilal Samira",
        "Haddad Mansour Khalil Najjar Farouk Darwish Rahman Qureshi Siddiqui Aziz",
    ),
    (
        "Katarzyna Piotr Agnieszka Jakub Zuzanna Wojciech Jana Tomáš Ivana Miroslav",
        "Nowak Kowalski Lewandowska Zieliński Dvořák Novotný Horváth Kučera Wójcik Szymański",
    ),
    (
        "Aoife Ciarán Máire Seán Gráinne Eoin Catriona Fergus Morag Iain",
        "Murphy Byrne Kavanagh MacDonald Sutherland Brennan Donnelly Ferguson Doyle McKenna",
    ),
    (
        "Giulia Matteo Chiara Davide Eleni Nikos Sofia Yiannis Francesca Paolo",
        "Rossi Esposito De Luca Marchetti Ricci Angelou Dimitriou Georgiou Moretti Conti",
    ),
    (
        "Linh Huy Thảo Quân Anh Dung Phương Tuấn Hương Bảo",
        "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ",
    ),
    (
        "Hana Kenji Yuki Takeshi Minji Seojun Jiwoo Hyejin Satoshi Aiko",
        "Tanaka Suzuki Watanabe Kobayashi Kim Lee Choi Jung Yamamoto Kang",
    ),
    (
        "Mele Tavita Sina Ioane Anahera Wiremu Kiri Rangi Alinta Yarran",
        "Tupou Leota Fonoti Vaa Ngata Parata Henare Walker Robinson Riley",
    ),
    (
        "Annika Lars Freya Henrik Ingrid Søren Johanna Matthias Liesel Bram",
        "Johansson Nielsen Bergström Hansen Schäfer Müller van den Berg de Vries Lindqvist Koch",
    ),
]
_WHOLE = [
    "María de los Ángeles Fernández de Córdoba y Álvarez de Toledo",
    "Wilhelmina Alexandra Featherstonehaugh-Ramanathan",
    "Venkatanarasimharajuvaripeta Subramaniam",
    "Ōyama Kenzaburō",
    "נועה בן־דוד",
    "ليلى الحسيني",
    "王秀英",
    "Юлия Соколова",
    "Παρασκευή Παπακωνσταντίνου",
    "Cher",
]
RARE = 0.015
_PARTICLES = re.compile(r"\b(De|van den|de) ")
_LATIN = str.maketrans("łŁøØđĐß", "lLoOdDs")


def customer_name(random: Random) -> str:
    """A name, now and then one that no form was made for."""
    if random.random() < RARE:
        return random.choice(_WHOLE)
    given, family = random.choice(_NAMES)
    families = _PARTICLES.sub(lambda m: m.group(0).replace(" ", "\u00a0"), family).split(" ")
    return f"{random.choice(given.split())} {random.choice(families)}".replace("\u00a0", " ")


def email_of(name: str, number: int) -> str:
    """An address at a domain that never receives mail, from a name in any script."""
    latin = unicodedata.normalize("NFKD", name.translate(_LATIN)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+", latin.lower())
    local = ".".join(words[:1] + words[-1:] if len(words) > 1 else words) or "customer"
    return f"{local[:40]}{number}@example.{('com', 'net', 'org')[number % 3]}"

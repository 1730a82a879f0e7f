"""Price alerts, and the notices that tell of them."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE alerts (
            id bigint PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users ON DELETE RESTRICT,
            symbol varchar(40) NOT NULL,
            price positive_number NOT NULL,
            crossing varchar(4) NOT NULL,
            after_id bigint NOT NULL,
            status varchar(5) NOT NULL,
            code varchar(32),
            placed_at timestamptz NOT NULL,
            ended_at timestamptz,
            print_id bigint,
            print_price positive_number
        ) WITH (fillfactor = 80);
        ALTER TABLE notices ADD COLUMN alert_id bigint;
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DELETE FROM notices WHERE alert_id IS NOT NULL;
        ALTER TABLE notices DROP COLUMN alert_id;
        DROP TABLE alerts;
"""


MODELS_STATE = (
    "eJztXVt32za2/itYfmmyRuPlyInjOjMPcuK0PvWly3GnM5N0UTAJSagpQCUhK2pP/vtggx"
    "eRIkiREmXRNJ4Sk9gg9W0Q+77x196YO8T193u2zadM7J2gv/YYHhP5n+VbHbSHJ5PFDbgg"
    "8J2rxuJgkLqI73zhYRsmG2DXJ/KSQ3zboxNBOYPRn+h46mJBHDTmjMz30TUjiPqITwhDE+"
    "KhqU+8dwgjj/hEINvlPvERFQgzRw3ykRgRxMhXsQ9PdLgtH0nZcBuTTxn9Y0oswYdEXvfk"
    "Iz7/Ji9T5pCvxI/+nNxbA0pcJ4UgdWACdd0S84m6dkqH50x8VGPh1e8sm7vTMVuMn8zFiL"
    "OYgAbYDwkjHvwseU14U0CVTV03ZEAEdPCyiyHBWyZoHDLAUxd4A9TBCyyu7VnW1fWt9ens"
    "1rL2MnyLKBJoh5dszoDnFFYAADCEV/j7993u4eHb7sHh0fGb12/fvjk+OJZj1ftmb739Fr"
    "zMAq1gKoXZ+Q/nV7fwQlwurGDFwYVvigYLHFApZizQt6eeR5g9z/Lg/Qh7eg4kaZb4IH/g"
    "Mh8i1IsYEV1YcGLxUTwGK8b4q+USNhQj+eerowKU/9W7ef9j7+bFq6OXaaivwjtddQtAX4"
    "DsC+wJ+QLWHXYxs0kW7A/EpmPs6vHWkS/h7gT0++E8T5AHBZh/OHt/ftm7eHF43DlWqPt/"
    "uFSQJDteHyxjvh7UBuHyCIMYII6FhQZjiYqgY6IHOUW4DHNIuR/9p11A355fnn267V3+DN"
    "OPfQmzgqt3ewZ3uurqfOnqi+WtJp4E/Xp++yOCP9F/r6/OFJzcF0NPPXEx7va/e/BOeCq4"
    "xfjMwk4Sk+hydCnFZCX512FyirAGJoei2fC4fh6DrmdVVcMSRKt1sSfw0T6eOgaa8OBeq4"
    "0BqFk2fOQeoUP2E5krVpzL984RUqE18ks4zRNjwbdojUVXF5+9h2ex6ZBcevK3y19MAlF1"
    "I7+Em/P3EmOA+A7b9zPsOVYO1i5xhsTzNas+JPz40w2RNhL8iFykL9QkN/LDag/caSHvOR"
    "KkDVG6hknaipC8I6ffEKFbmKRNCMEXyLs88eWlvsnsrXF3vHwFMzxUPwmeDU+KnC0u8fRe"
    "GHWjU+iDgSElPTA9NPGoTZCiOUHYGxOnA34PhgbUIw66mysviBzFhPwfFuAhgXfyO4h7iE"
    "ieOGgg/wejPIJ9zlDfli/Vz3pktvmwL+wLu5VXqaN8PIwgPlDDpMlLGfnOfydHetz35bv0"
    "YQjcm2H5QK7+65IHIpnfn0768Ki+w2esX9Lv8zmlKbjYDpTC3x7dH1TmazIOoT1/Pr7jbh"
    "V30IKihc6g1wclnEFgG3f0zqCs2aw+84puiZjmOToljg46hwelvRLRPlbJoZmgaeMaLrOE"
    "81fwMsJ4INawF5NUxmCsuF2nXMliqlE2C7bnmKKFS/tNiaX9Jndpv8lsHtzRbM0FG0c4fi"
    "1kG+bRSgN72C2B7GE3F1q4tST3Yt0vK/sKPYkpQuMubrQrUVkha/A4SWecxU3msLI/K0v/"
    "JNVa0r9hHN2N8A9QXNOASFJubEY0jB21WxEmJGJCIk1gwWOERLbpqpWqszh3CBNUzPc0Ht"
    "vU/U6R49aWI+UvVEMpKe3BBWAQ9hFGMAGSuqQYcG+M7qV889GIjjuIMyRGVA4J0vOQT+VK"
    "Qv3fOQ2yFLTO2lrmBb9sf8gZsQJ/bf8EzUZz8OvamDEu0B1BM48KQeRUfB/14RGS0fBwNZ"
    "b7JHi+JJnJt7kjcgQJ//rCXMruiQNeXCxnG8EbB+/SUXl8M+q68Ag8lCtLzgZPgcmkMubn"
    "eXc/70U/NfTnqv9b0fr7Ldf7K2983ku8fzzaJAU2zgecZHFZUzi1LNrnaKg/KTDz7awBtp"
    "WvcrQB9KMynsujfNflUcZ3acuNVqyXz5SiNG6IRhup1JdCy9XJEM5dglmOEFlQLfH3jvNH"
    "Da7EIqduTp5eX1+kmHh6viQdrn65PD2TW9mSqZQ1RhN6S5Wta4msfZ7T7kGZkKEclbttqX"
    "sasKtvWgky41Vr8oYVGwVVOZwibJRUuuKzFy8Ne9WzluyerFgqMG2ytMaBuq4D1bj1jFuv"
    "CSyoz62Xs8s8HrQN21fKIpvdVRvmNyX2/YRTfbVx4m6n2GcajSvpL4UkURf7Iswy5QOEUZ"
    "DeF3gGwccoJyAO4qyDZlSMEBU+8qaMSabI24J4Y+zdI58Mx4RpCo+38oQNqo93n+64W3/j"
    "VpId8z2LwPrKAjhBZATwJsHjHeadNlNM1BcwDgLskZFVKb0pRdkoE87Y6cuGXCh1rPVyYH"
    "XUZkdbe0cb0eGo4oYWkZj9bMV+5gYljRWgDSkMshpkM4bwjqwKPpb3HGkD7umsisXdYqsi"
    "GGfdk3kFs2JAPan1S3tL6fwMUYeMJ1xAHxkkZ4JshkUeA5SxqQwFuGbL1wQimmNO1DazNt"
    "0hYSHKyTQJDonAoMlnaGY+wz2p1N8oHN7CgPpWYlP38qdVgjcc30J8t9A6anr3O7Gr28xp"
    "OqNkrq1kksEAcGTT8Z3OrZrLgAzdbnlwsDHu3Vev374+Pjx6HcMdXylCOYuoNMfkO1Ve0S"
    "kys6DXXtAmBSqXIW3yVJhQpwl1NoEFT72C4QNx6QPxtBZzfK9TZC87wajSRQvQitcnzIF4"
    "l4qPMS6gMwxnqnWLPcKMEfcETcIxUyaoi8KnQODMk39gJwie4bAVTNZ03s5jVEnDxKPco2"
    "Lel3pHaHEj8pWKDuqqP4NaBEZmPjyZQwcaxGesg16r24G97iNIxoTiBQIY33Fnnm+lB+8e"
    "rp/w1TO2urHOG2mdG0m1O10w/FIy0Be0PFiQtNGAL+UgeVXgIHmVdZCYnh0pjL8vgfD3uf"
    "h+n2lHIwQZT4QG3/xeNAkSY5aHOEIvfytEZg3jUENuLMRGW4jVazfaXLbxptTO/6Zg53+T"
    "3flNO5S2f0SRqZPl8Kcxdt2ihigx3W5FUHdjEXTYfXsUSx/4o0jwfLrsXVxopE/SgCtvBq"
    "TIjCFQl8sqgLUGp9VVPNETY0NZt1VqAaYcV+97n973Ppztym/1kbrunsZnpa53ivxVAzmi"
    "gqtKcseewoXAE7TUo/j3qS+ofGU4POod6qeiYnGrYdVC+zsfeeSB+jTPWbWtB2kdSmpkyN"
    "Z0KC+/xUVHFQrfm1yQXe9snQJvU0viufXypDYj0vjydubLM2k42+oKawzl7eY4/THFcQOw"
    "CgnHSTLTF71EgYppO789eOG3V0Q3IjHgrgIXj6PDdSvAuyB6jgBXOslxQKqu3ZDCILtq12"
    "Wa4Grxnst0sVWDbFYpc6WSRTQqb/GmmyAzGK/aF7g3pA9Eo/oWbw4JMoPxCozl04ZDaf+u"
    "o59laE3x3Sq0sTcka3h/MnQt6sFUm/NnR0cDNG2HeO5nAzSNH6bXQyOwfnKh/UUspyKXU4"
    "SGyc1mMnYhgh205Ki4cWZon+PWWVHZXURVy2sISSqjIdSV4yGiI6c3TPFo29HVnaUMj+Tq"
    "a1Rl0o9yK+zZ4c/O5Hkk7naKsj1GcpyF1cCSSR+/QroFRkCIHOrso94EaoT+zpk7f4f6kp"
    "YHGRdw+ElYLpDN6Fh7lg2a/ZnMi11mXiiWVomixgQtDFFvpdAEx997BYjpBoHqZmNc/9nd"
    "DhGYViqXWlC0EuBSqxiGFYCsXcdrGV5JOmN3Nc7uyiiju9GbQKX1ptCI0dcpTsnbhZoTXR"
    "pYqg3aA2FTyEANugj7cIScaofsE8I6qvDa47MTaIossCdUpiufCpW8qkjDA+agJ/IQVoav"
    "74m2ncfUrHptrHeV+WaboHht6GHPV6mgKF6n0jLszfN8U44uYepuLoL2BO3ZEk8vrk9Tu6"
    "EUOafnV72b/7y47P37ZWpLvLi++iEan9zpTv9ze9bLJEsIe7SWeEpTGgFlBJReQF1AhoJO"
    "NAU3CoWSGw8pYcdzNMZzdcIoCdp0IF8qstIWBxFCJtweITDHkUd94kujXLUAiYspYFe6k0"
    "+TYkYtXI2JX/8DNmn1D4+uIIXi8UYQra6qAF5Wc67EJMalu3bQl8+YLmqRb47GBC3MS9+G"
    "R0VtSFXlfExkRLwR8Xki3hkS70a9mEbMRzdXiHoYVsFnP+YPxIFeXOEp4FKuhiHMlPf9JD"
    "QK/4b86fhFkEb9Ev0zGttB2J3hucbw3NZDKhZodsLapmyhZvhK5ujxXUsw0wysMawwwflG"
    "gG/KkreZmWpqY7dVG2tKs7abMWWSEFtqiKTjnbFeWkn2punatPPvNjUuxDXLjMrJcb3FTE"
    "+MEWXT49JrsFEJcheU3feCjpR7OjM7cbtTaGjLgVayZ+hqe7uHZh5nQ2TL2Trobq782TbY"
    "x6pZkYReGsm6A62qEK72hX/em7hYwFnHaomG/0+eeqwmVP2KOuhz4i9jHjfSPE6ys6wym1"
    "oC7VNo6+9HovtOqoJt5fsk2gD60esSoB+9zgUdbmXqYNfSc5N0Rs1tnJrbFH+7FOHv5X/z"
    "9AB1b7USAFK5QrKXOkdDkgTna8COEPYq5JT5CLPgHIxAunOV6B5qUx00xpKMMtQPU9/7+j"
    "yv2p9QeAam0hHgcdYI+yNzvsbT0BkWDKsgx1JERoCVEGDmLI3HCMib0+taqyqkwiFfJ1RO"
    "t07r/BSlYXOj2SwVi3U+5QSZOR2h4fw10fxGuLTNIZRlnNlNPYTygj6QS+L7eJhjwS5ud4"
    "qN2AdijYORpT3Z4fjAsKTQPH8gt4gR+KEZmrjYJuHZkGH6dgdh/17eVUc5Qqf+vrSdicaA"
    "rXdqreWa9H2CFRwyN3xunAhW3mWuTOAgwdP4yJtp7xof+SP4yBMfUwVrNydU3QaI63coJD"
    "apCiinqQzQZUIPfELtKhjHBAbeEvCacNoOQAe9qArQ0fgWgruVkx1NYVDL3BYNCVSGB+Zp"
    "jLzFUXr59l1wGl2Fw9vESPIUQoOCuG4YQdxH/Qmeuxw7cSVukGUOXST+79P11TvUh/BQX7"
    "WHEHioP66tnqm/sC+sT33gnmSwT5z+ibonf7q0ZT047w0eESZJ+YEliT35eO460ngM7EW4"
    "oOKdfFo+dSohcuLY5yKGYKy/Zlp/Ntd1NSwOdLZU8B12S8i9w26u2INbjSgRapiH/jlWCD"
    "WTBbUVCHHPWSNSkaRqEaqPvLB3WP1g8AccXeKtgX6CymC/LvahNpyFHpThHJfIgmTZjKRS"
    "kf5/5FL/KYZJC7AEMFK2Y6SjxJ28EurLe00fL5jgNNPL06bOWukHaUpjyzfOlk85wiTslk"
    "+Z9liUQjanKU2iSZO5bNICnwWbk44gjbrCuUswy/GyLJEuN8CUtI/JXL1Prg6mnl5fX6T4"
    "eXq+pIZc/XJ5enbz4tVSEbo5zd2kbzWTBY+RvpVUDCPXsq9Z+SHxx59uiFQQ9M3zQ7Q/BB"
    "PNW4T4t23GPq7BnbKnCX0ENzpFkQ/liimb0qaak5GJUHlmcvRUnYIAgQU0w1T4HQhODKjr"
    "EqcjJ6Guj7gH12z4vOTVfdSHRsr9E4hbhOaAJr9te8+pGL9QqXQ7CluUWe0mbrEXdGqvEr"
    "lYULQwdlH/2R2mB9S2ekCZqNBjbyOrTgDI9x7m9P83rsMqrkOpZoupRjks2KtjihZuJ8cl"
    "tpPj3O3kOJNa/JgR/KZtIlsO4A+kYqxZuPn7RUzQkA3jr29PaJ9YqN0ZxFecE50kND7JRv"
    "skCVsvipSkM8GFJnPYtGfcsZJr/NDGD90EFtTnh9ZsLzXAarqN7rBG+2fs3RPnhkg8fW2/"
    "0fSATpE3e6KGWl4wtnSldjgeTaaQUE+D/l4YeZyPVck0dAubEM/nDJLmh1xeCMqoodraow"
    "9yvcDhkLbmLK+6J9ef6UHteyL0zcXK1GUner+Y9PxmurmTLM6woaDiMk3WQifK9uouq+Bs"
    "6uBNr9jmr2xT3Lr1I9hBrFdczgmSFgJd/yo2Pe5yoX/q3qOGFBP/7GK2p7NE4HqxASJHlD"
    "Y7fAxH/gFJR9XmSutFqCPnpWY/RzMC1biSh84+6sH5gNKG6B6AqRCUBGtMjc0nLGxjDGsf"
    "ADH9i5+EyaD+rSCHovEtFELdMkKomy+Euhkh5NM/K4EbjW9fsLX+jCNf8EklbMPxBtvV2A"
    "rsya29kgshpjD4rsbXhFxMyKUJLHiM1P9tquA30ije06jg6nqhCg7mdEkVXB28PeLyfQKf"
    "/NDj0wmkkktQHlTXHZfb2CV99XYniGB7hPwJwffE+85HfMZyDvPefM6VXVkjr4FRxhuzGR"
    "Up48ap/AhOZeN8274LWW1elZzIMUX79Mct9AfmUnRIIWD5RD7Z0eSc5m7YOtLdqpMHG+/a"
    "GzUqaog38ZOQOqfzL+wqLDMaTfJ2oWLjq4HWA4ws72OcUWGPOqCAzFSLPxRJFTQDxyB0+3"
    "OxL04QZvOg9aA/xq4LR6jCi2rdjHXMuboSL1eT2a1ja7fKzLZOisrXXB6ilZmG+5Z8zdmH"
    "YoJWCNSikMrZv29T0ZRM7nscUbm4vvohGr6cEN+YjeoWKst0W1Rwo3BzUlVpFRqoSquIOX"
    "As8+Sd6kJKnaCxqdxO+EBdUZXJ4ZWJXDPq+GZ0yRmZK8sqyGhD9tTzCLPn+maq23nMyihJ"
    "0DMwm4qVGGO73E+cIJ1I0DOlxg214Sq3kNywd2TTtsK6m0ea0u0tO6Md6hE76rVRFuMUUQ"
    "thrrmI29S0pj0OZRwO+f6GjEeHPFBfu4BzN90kidl2dX1LB2KNGFWSqk2wPnJJVqBjrpG7"
    "liI0qWuNS11LOfFi3b4ik1OEpri1yTz+Y4qZoELTROQDsekYu3oOJ8mWGRzQ7Yf07fqGP5"
    "y9P7/sXbw4OugcHiw1UEzqtkupvkx4c2tNqLPEBvBygE88qm37uxrtmNJAXQ5qOHmIM6w7"
    "Ems12kni5wj44XHnuDTecu+HDAyN2luIdJLMYFxqTQ/IeptHSGdQXoGyxMmCn18R5CTZc8"
    "S42va8BsAG3NLg8qkO3fx2WjFBQ9ppPc3+e6782dRR3ZfX0vG09Buv9qdjpK632KE8YS24"
    "04QG5xU4U0YFxa61Nt76CQzuK3APCkQqdUdMkJgNfYMN3SPYpX8Sx5qwqhbkMmlzlJYNsg"
    "Zrt2e+UmFJpPxqIdQlMpP3ujrv1fQKNL0CnxP0pnBt64VrplfgTnoFJvxU1HU3PQvoo5yj"
    "RVhv9Rwg9cVr0nejnSA/exc+pgrJu0G7wn10G2fUYjTxydThbD6GLH8qfOIOThAk/avUWn"
    "gjH43oGAZThvq2vCpXGIHYHCV+X5++u60HbVB8YMood5mC++jlZ03bWLath//Jq7WIi8a3"
    "ENz6iyfNaaurBGYrUoOg9s0KjmmqXDKgpX3WVZzps8dBE13v7PEkpUmta/L3I3/agFZrlZ"
    "Ag2bEkupsKwYMegLVIoaIPJBJCb3Nl0NuMCAIrYwzVbZXgTVHtGOERdaQ6X5+Yr7diQdoT"
    "1aqTY4Idw+pg7742UGsosqlQFJvx82zqdWifkyftDXOJtzlGMElbEYJmBsSzwHmwIUzywx"
    "fngfuhzIHWzVQrisFacrE8LmBPcnnZfDzGzLHuyXxjuIKpfiKtBcul7N6Cwyo3hepCTvQ+"
    "PPSyjUBBOri9MUpXapa2YhScd78hRNcwSVsRUi3MNwQoapTeRnyCTicbAhR3VGkLQtuMa/"
    "0q8fHG0jz5RIZjop6ZiXFlxnSK4l2zaLTlB8NLBr9+pMMRnOUlBS5y+Uwd6yXxEsGBXf2o"
    "Rhr9A6JV//in6oIl/+6jFze/XJx9Qm9fZuNcNc2p7Umz6JcRl2+bfqFPItBleqNsuTeK6Y"
    "Kww2SzcA+rhn2CyEC/NvQjKW40wZOiVOGIpDkpwk1NhZfyuyK2IYWBVgdtBRfwNvXPHvGo"
    "PdJpneGdQl0TL8as0i/z0a05Yem5KHEbBp4LmqIST9+WKl8/S5C0UEHrvikT8pGj8s9Yep"
    "PprQYfVQWEw+EtRLfGRr+pMLsgupzo/LqtBImp26pYt7VTYfbtf08YW7o="
)
